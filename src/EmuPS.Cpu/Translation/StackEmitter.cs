using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes PUSH, POP, LEAVE, CALL and RET in 64-bit mode. The guest's stack pointer is the host's R15, and it moves only after the access is known to be good.</summary>
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
        HostAssembler a = _context.Hot;
        switch (i.Code)
        {
            case Code.Push_r64:
                PushGuest(i.Op0Register - Register.RAX);
                break;
            case Code.Pushq_imm8 or Code.Pushq_imm32:
                HostOperand slot = _memory.Check(MemoryPlan.Of(GuestRsp, -8), 8, write: true);
                a.Memory(0xC7, 0, slot);
                a.Int32((int)i.GetImmediate(0));
                break;
            case Code.Push_rm64:
                if (i.Op0Kind == OpKind.Register)
                {
                    PushGuest(i.Op0Register - Register.RAX);
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

        a.Lea(Pointer, new HostOperand(Pointer, -8));
        return true;
    }

    /// <summary>POP to a register.</summary>
    /// <param name="i">The instruction.</param>
    public bool Pop(in Instruction i)
    {
        if (i.Code is not (Code.Pop_r64 or Code.Pop_rm64) || i.Op0Kind != OpKind.Register)
        {
            return false;
        }

        HostAssembler a = _context.Hot;
        a.Load(HostRegister.R10, _memory.Check(MemoryPlan.Of(GuestRsp, 0), 8, write: false));
        a.Lea(Pointer, new HostOperand(Pointer, 8));
        _memory.StoreGuest(i.Op0Register - Register.RAX, HostRegister.R10);
        return true;
    }

    /// <summary>LEAVE.</summary>
    /// <param name="i">The instruction.</param>
    public bool Leave(in Instruction i)
    {
        if (i.Code != Code.Leaveq)
        {
            return false;
        }

        HostAssembler a = _context.Hot;
        a.Load(HostRegister.R10, _memory.Check(MemoryPlan.Of(GuestRbp, 0), 8, write: false));
        a.Lea(Pointer, new HostOperand(HostRegister.Rbp, 8));
        a.Move(HostRegister.Rbp, HostRegister.R10);
        return true;
    }

    /// <summary>Near CALL.</summary>
    /// <param name="i">The instruction.</param>
    public bool Call(in Instruction i)
    {
        HostAssembler a = _context.Hot;
        bool direct = i.Op0Kind == OpKind.NearBranch64;
        if (!direct)
        {
            if (i.Code != Code.Call_rm64 || !_memory.LoadOperand(i, 0, HostRegister.R10))
            {
                return false;
            }

            a.Store(Thunks.State(State.CpuState.SavedTargetOffset), HostRegister.R10);
        }

        HostOperand slot = _memory.Check(MemoryPlan.Of(GuestRsp, -8), 8, write: true);
        if ((ulong)(int)i.NextIP == i.NextIP)
        {
            a.Memory(0xC7, 0, slot);
            a.Int32((int)i.NextIP);
        }
        else
        {
            a.Constant(HostRegister.R10, i.NextIP);
            a.Store(slot, HostRegister.R10);
        }

        a.Lea(Pointer, new HostOperand(Pointer, -8));
        if (direct)
        {
            _jumps.To(i.NearBranch64);
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
        if (i.Code is not (Code.Retnq or Code.Retnq_imm16))
        {
            return false;
        }

        HostAssembler a = _context.Hot;
        a.Load(HostRegister.R10, _memory.Check(MemoryPlan.Of(GuestRsp, 0), 8, write: false));
        a.Lea(Pointer, new HostOperand(Pointer, 8 + (i.Code == Code.Retnq_imm16 ? i.Immediate16 : 0)));
        _jumps.Indirect();
        return true;
    }

    private void PushGuest(int guest)
    {
        int host = HostRegister.Of(guest);
        if (host < 0)
        {
            _memory.LoadGuest(guest, HostRegister.R10);
            PushScratch();
            return;
        }

        _context.Hot.Store(_memory.Check(MemoryPlan.Of(GuestRsp, -8), 8, write: true), host);
    }

    /// <summary>PUSHFQ.</summary>
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
        a.Lea(Pointer, new HostOperand(Pointer, -8));
        return true;
    }

    /// <summary>Stores R10 below the stack pointer.</summary>
    private void PushScratch()
    {
        HostAssembler a = _context.Hot;
        a.Store(Thunks.State(State.CpuState.SavedTargetOffset), HostRegister.R10);
        HostOperand slot = _memory.Check(MemoryPlan.Of(GuestRsp, -8), 8, write: true);
        a.Load(HostRegister.R10, Thunks.State(State.CpuState.SavedTargetOffset));
        a.Store(slot, HostRegister.R10);
    }
}
