using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes DIV and IDIV. A host divide error would end the process, so whatever might raise one goes to the interpreter, and with it some divisions that would not.</summary>
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
        int size = i.Code switch
        {
            Code.Div_rm8 or Code.Idiv_rm8 => 1,
            Code.Div_rm16 or Code.Idiv_rm16 => 2,
            Code.Div_rm32 or Code.Idiv_rm32 => 4,
            _ => 8,
        };
        if (!LoadDivisor(i, size))
        {
            return false;
        }

        // Flags are undefined after a division, so nothing behind it reads them and the guards may use them.
        bool signed = i.Mnemonic == Mnemonic.Idiv;
        if (size == 1)
        {
            GuardBytes(signed);
        }
        else if (signed)
        {
            // A quotient fits for certain when the dividend is a sign-extended single word and the divisor neither 0 nor -1.
            Register(size, 0x89, HostRegister.Rax, HostRegister.R11);
            Register(size, 0xC1, 7, HostRegister.R11);
            _context.Hot.Byte((size * 8) - 1);
            Register(size, 0x39, HostRegister.R11, HostRegister.Rdx);
            _context.FailIf(HostAssembler.NotEqual, flagsSaved: false);
            _context.Hot.Memory(0x8D, HostRegister.R11, new HostOperand(HostRegister.R10, 1), size == 8);
            Register(size, 0x83, 7, HostRegister.R11);
            _context.Hot.Byte(1);
            _context.FailIf(HostAssembler.BelowOrEqual, flagsSaved: false);
        }
        else
        {
            // CMP RDX, R10: the quotient fits exactly when the upper word is below the divisor.
            Register(size, 0x39, HostRegister.R10, HostRegister.Rdx);
            _context.FailIf(HostAssembler.AboveOrEqual, flagsSaved: false);
        }

        Register(size, size == 1 ? 0xF6 : 0xF7, signed ? 7 : 6, HostRegister.R10);
        return true;
    }

    /// <summary>The divisor goes to R10; what lies above its size there means nothing.</summary>
    private bool LoadDivisor(in Instruction i, int size)
    {
        HostAssembler a = _context.Hot;
        if (i.Op0Kind == OpKind.Register)
        {
            // AH, CH, DH and BH are left to the interpreter.
            if (i.Op0Register is >= Iced.Intel.Register.AH and <= Iced.Intel.Register.BH)
            {
                return false;
            }

            _memory.LoadGuest(i.Op0Register.GetFullRegister() - Iced.Intel.Register.RAX, HostRegister.R10);
            return true;
        }

        if (!MemoryPlan.TryMake(i, out MemoryPlan plan))
        {
            return false;
        }

        HostOperand operand = _memory.Check(plan, size, write: false);
        if (size < 4)
        {
            a.Memory0F(0, size == 1 ? 0xB6 : 0xB7, HostRegister.R10, operand);
        }
        else
        {
            a.Memory(0x8B, HostRegister.R10, operand, size == 8);
        }

        return true;
    }

    /// <summary>The same guards where the dividend is AX.</summary>
    private void GuardBytes(bool signed)
    {
        HostAssembler a = _context.Hot;
        if (!signed)
        {
            a.Register(0x89, HostRegister.Rax, HostRegister.R11, wide: false);
            a.Register(0xC1, 5, HostRegister.R11, wide: false);
            a.Byte(8);
            a.Register(0x38, HostRegister.R10, HostRegister.R11, wide: false);
            _context.FailIf(HostAssembler.AboveOrEqual, flagsSaved: false);
            return;
        }

        // MOVSX R11D, AL
        a.Byte(0x44);
        a.Byte(0x0F);
        a.Byte(0xBE);
        a.Byte(0xD8);
        Register(2, 0x39, HostRegister.Rax, HostRegister.R11);
        _context.FailIf(HostAssembler.NotEqual, flagsSaved: false);
        a.Memory(0x8D, HostRegister.R11, new HostOperand(HostRegister.R10, 1), wide: false);
        a.Register(0x80, 7, HostRegister.R11, wide: false);
        a.Byte(1);
        _context.FailIf(HostAssembler.BelowOrEqual, flagsSaved: false);
    }

    /// <summary>Writes an instruction of an operand size; R11 with 8 bits needs the REX prefix that it has anyway.</summary>
    private void Register(int size, int opcode, int register, int operand)
    {
        if (size == 2)
        {
            _context.Hot.Byte(0x66);
        }

        _context.Hot.Register(opcode, register, operand, size == 8);
    }
}
