using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes DIV and IDIV of 32 and 64 bits. A host divide error would end the process, so whatever might raise one goes to the interpreter, and with it some divisions that would not.</summary>
internal sealed class DivideEmitter
{
    private readonly EmitContext _context;
    private readonly MemoryEmitter _memory;

    /// <summary>Makes an emitter.</summary>
    /// <param name="context">The context.</param>
    /// <param name="memory">Writes memory checks.</param>
    public DivideEmitter(EmitContext context, MemoryEmitter memory)
    {
        _context = context;
        _memory = memory;
    }

    /// <summary>Writes a division.</summary>
    /// <param name="i">The instruction.</param>
    public bool Divide(in Instruction i)
    {
        bool wide = i.Code is Code.Div_rm64 or Code.Idiv_rm64;
        bool signed = i.Code is Code.Idiv_rm32 or Code.Idiv_rm64;
        if (!wide && i.Code is not (Code.Div_rm32 or Code.Idiv_rm32))
        {
            return false;
        }

        HostAssembler a = _context.Hot;
        if (i.Op0Kind == OpKind.Register)
        {
            _memory.LoadGuest((wide ? i.Op0Register - Register.RAX : i.Op0Register - Register.EAX), HostRegister.R10);
        }
        else if (!MemoryPlan.TryMake(i, out MemoryPlan plan))
        {
            return false;
        }
        else
        {
            a.Memory(0x8B, HostRegister.R10, _memory.Check(plan, wide ? 8 : 4, write: false), wide);
        }

        // Flags are undefined after a division, so nothing behind it reads them and the guards may use them.
        if (signed)
        {
            // A quotient fits for certain when the dividend is a sign-extended single word and the divisor neither 0 nor -1.
            a.Register(0x89, HostRegister.Rax, HostRegister.R11, wide);
            a.Register(0xC1, 7, HostRegister.R11, wide);
            a.Byte(wide ? 63 : 31);
            a.Register(0x39, HostRegister.R11, HostRegister.Rdx, wide);
            _context.FailIf(HostAssembler.NotEqual, flagsSaved: false);
            a.Memory(0x8D, HostRegister.R11, new HostOperand(HostRegister.R10, 1), wide);
            a.Register(0x83, 7, HostRegister.R11, wide);
            a.Byte(1);
            _context.FailIf(HostAssembler.BelowOrEqual, flagsSaved: false);
            a.Register(0xF7, 7, HostRegister.R10, wide);
        }
        else
        {
            // CMP RDX, R10: the quotient fits exactly when the upper word is below the divisor.
            a.Register(0x39, HostRegister.R10, HostRegister.Rdx, wide);
            _context.FailIf(HostAssembler.AboveOrEqual, flagsSaved: false);
            a.Register(0xF7, 6, HostRegister.R10, wide);
        }

        return true;
    }
}
