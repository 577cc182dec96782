using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes PUSH, POP, LEAVE, CALL and RET with operands as wide as the code. The guest's stack pointer is the host's R15, and it moves only after the access is known to be good.</summary>
internal sealed class StackEmitter
{
    private const int Pointer = HostRegister.R15;
    private const int GuestRsp = 4;
    private const int GuestRbp = 5;
    private readonly EmitContext _context;
    private readonly MemoryEmitter _memory;
    private readonly JumpEmitter _jumps;

    /// <summary>Makes an emitter.</summary>
    /// <param name="context">The context.</param>
    /// <param name="memory">Writes memory checks.</param>
    /// <param name="jumps">Writes jumps.</param>
    public StackEmitter(EmitContext context, MemoryEmitter memory, JumpEmitter jumps)
    {
        _context = context;
        _memory = memory;
        _jumps = jumps;
    }

    /// <summary>PUSH of a register, a constant or memory.</summary>
    /// <param name="i">The instruction.</param>
    public bool Push(in Instruction i)
    {
        switch (i.Code)
        {
            case Code.Push_r64 or Code.Push_r32:
                PushGuest(i.Op0Register.GetNumber());
                break;
            case Code.Pushq_imm8 or Code.Pushq_imm32 or Code.Pushd_imm8 or Code.Pushd_imm32:
                PushConstant((int)i.GetImmediate(0));
                break;
            case Code.Push_rm64 or Code.Push_rm32:
                if (i.Op0Kind == OpKind.Register)
                {
                    PushGuest(i.Op0Register.GetNumber());
                    break;
                }

                if (!_memory.LoadOperand(i, 0, HostRegister.R10))
                {
                    return false;
                }

                PushScratch();
                break;
            default:
                return false;
        }

        MovePointer(Pointer, -Size);
        return true;
    }

    /// <summary>POP to a register.</summary>
    /// <param name="i">The instruction.</param>
    public bool Pop(in Instruction i)
    {
        if (i.Code is not (Code.Pop_r64 or Code.Pop_rm64 or Code.Pop_r32 or Code.Pop_rm32) || i.Op0Kind != OpKind.Register)
        {
            return false;
        }

        LoadWord(GuestRsp);
        MovePointer(Pointer, Size);
        _memory.StoreGuest(i.Op0Register.GetNumber(), HostRegister.R10);
        return true;
    }

    /// <summary>LEAVE.</summary>
    /// <param name="i">The instruction.</param>
    public bool Leave(in Instruction i)
    {
        if (i.Code is not (Code.Leaveq or Code.Leaved))
        {
            return false;
        }

        LoadWord(GuestRbp);
        MovePointer(HostRegister.Rbp, Size);
        _context.Hot.Move(HostRegister.Rbp, HostRegister.R10);
        return true;
    }

    /// <summary>Near CALL.</summary>
    /// <param name="i">The instruction.</param>
    public bool Call(in Instruction i)
    {
        HostAssembler a = _context.Hot;
        bool direct = InstructionEmitter.IsNear(i);
        if (!direct)
        {
            if (i.Code is not (Code.Call_rm64 or Code.Call_rm32) || !_memory.LoadOperand(i, 0, HostRegister.R10))
            {
                return false;
            }

            a.Store(Thunks.State(State.CpuState.SavedTargetOffset), HostRegister.R10);
        }

        if (_context.Is32 || (ulong)(int)i.NextIP == i.NextIP)
        {
            PushConstant((int)i.NextIP);
        }
        else
        {
            HostOperand slot = CheckPush();
            a.Constant(HostRegister.R10, i.NextIP);
            a.Store(slot, HostRegister.R10);
        }

        MovePointer(Pointer, -Size);
        if (direct)
        {
            _jumps.To(i.NearBranchTarget);
        }
        else
        {
            a.Load(HostRegister.R10, Thunks.State(State.CpuState.SavedTargetOffset));
            _jumps.Indirect();
        }

        return true;
    }

    /// <summary>Near RET.</summary>
    /// <param name="i">The instruction.</param>
    public bool Return(in Instruction i)
    {
        if (i.Code is not (Code.Retnq or Code.Retnq_imm16 or Code.Retnd or Code.Retnd_imm16))
        {
            return false;
        }

        LoadWord(GuestRsp);
        MovePointer(Pointer, Size + (i.OpCount != 0 ? i.Immediate16 : 0));
        _jumps.Indirect();
        return true;
    }

    /// <summary>Bytes that the code's own stack instructions move.</summary>
    private int Size => _context.Is32 ? 4 : 8;

    private void PushGuest(int guest)
    {
        int host = HostRegister.Of(guest);
        if (host < 0)
        {
            _memory.LoadGuest(guest, HostRegister.R10);
            PushScratch();
            return;
        }

        _context.Hot.Memory(0x89, host, CheckPush(), wide: !_context.Is32);
    }

    private void PushConstant(int value)
    {
        _context.Hot.Memory(0xC7, 0, CheckPush(), wide: !_context.Is32);
        _context.Hot.Int32(value);
    }

    private HostOperand CheckPush() => _memory.Check(MemoryPlan.Of(GuestRsp, -Size, _context.Is32), Size, write: true);

    /// <summary>Loads R10 from where a guest register points.</summary>
    private void LoadWord(int guest)
        => _context.Hot.Memory(0x8B, HostRegister.R10, _memory.Check(MemoryPlan.Of(guest, 0, _context.Is32), Size, write: false), wide: !_context.Is32);

    /// <summary>The stack pointer becomes a host register plus a constant.</summary>
    private void MovePointer(int host, int distance) => _context.Hot.Memory(0x8D, Pointer, new HostOperand(host, distance), wide: !_context.Is32);

    /// <summary>PUSHFQ, or PUSHFD in 32-bit code.</summary>
    public bool PushFlags()
    {
        // Of the system flags RF and VM are pushed as zero (SDM vol. 2, PUSHF).
        const int Pushed = 0x3C_7702;
        HostAssembler a = _context.Hot;
        _context.SaveFlags();

        // R10 from AH, R11 from OF in AL.
        a.Move(HostRegister.R10, HostRegister.Rax);
        a.Move(HostRegister.R11, HostRegister.Rax);
        a.Register(0x81, 4, HostRegister.R10, wide: false);
        a.Int32(0xD500);
        a.Register(0xC1, 5, HostRegister.R10, wide: false);
        a.Byte(8);
        a.Register(0x83, 4, HostRegister.R11, wide: false);
        a.Byte(1);
        a.Register(0xC1, 4, HostRegister.R11, wide: false);
        a.Byte(11);
        a.Register(0x09, HostRegister.R11, HostRegister.R10, wide: false);
        a.Memory(0x8B, HostRegister.R11, Thunks.State(State.CpuState.SystemFlagsOffset), wide: false);
        a.Register(0x81, 4, HostRegister.R11, wide: false);
        a.Int32(Pushed);
        a.Register(0x09, HostRegister.R11, HostRegister.R10, wide: false);
        a.Register(0x83, 1, HostRegister.R10, wide: false);
        a.Byte(2);
        EmitContext.RestoreFlags(a);
        PushScratch();
        MovePointer(Pointer, -Size);
        return true;
    }

    /// <summary>Stores R10 below the stack pointer.</summary>
    private void PushScratch()
    {
        HostAssembler a = _context.Hot;
        a.Store(Thunks.State(State.CpuState.SavedTargetOffset), HostRegister.R10);
        HostOperand slot = CheckPush();
        if (slot.Base == HostRegister.R10)
        {
            a.Lea(HostRegister.R11, slot);
            slot = new HostOperand(HostRegister.R11, 0);
        }

        a.Load(HostRegister.R10, Thunks.State(State.CpuState.SavedTargetOffset));
        a.Memory(0x89, HostRegister.R10, slot, wide: !_context.Is32);
    }
}
