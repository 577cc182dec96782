using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes the system instructions that a kernel executes several times in every system call: CLI, STI, SWAPGS, CLAC, STAC, reads of selectors. Only what needs nothing but the state, at CPL 0; the rest is the interpreter's.</summary>
internal sealed unsafe class SystemEmitter
{
    private const int UserAccessBank = 2;
    private readonly EmitContext _context;
    private readonly MemoryEmitter _memory;
    private readonly JumpEmitter _jumps;

    /// <summary>Makes an emitter.</summary>
    /// <param name="context">The context.</param>
    /// <param name="memory">Writes guest registers.</param>
    /// <param name="jumps">Writes jumps.</param>
    public SystemEmitter(EmitContext context, MemoryEmitter memory, JumpEmitter jumps)
    {
        _context = context;
        _memory = memory;
        _jumps = jumps;
    }

    /// <summary>CLI.</summary>
    public bool DisableInterrupts()
    {
        if (!BeginPrivileged(out bool live))
        {
            return false;
        }

        AndState(CpuState.SystemFlagsOffset, ~(int)Flags.If);
        End(live);
        return true;
    }

    /// <summary>STI. An interrupt that waits for it is the interpreter's matter.</summary>
    /// <param name="i">The instruction, the last of its block.</param>
    public bool EnableInterrupts(in Instruction i)
    {
        if (!BeginPrivileged(out bool live))
        {
            return false;
        }

        CompareState(CpuState.WaitingInterruptOffset, 0);
        _context.FailIf(HostAssembler.NotEqual, live);
        OrState(CpuState.SystemFlagsOffset, (int)Flags.If);
        End(live);
        return _jumps.ToInShadow(i.NextIP);
    }

    /// <summary>SWAPGS.</summary>
    public bool SwapGs()
    {
        if (!BeginPrivileged(out bool live))
        {
            return false;
        }

        End(live);
        HostOperand gs = Thunks.State(CpuState.SegmentBaseOffset + (SegmentIndex.Gs * 16));
        HostOperand kernelGs = Thunks.State(CpuState.KernelGsBaseOffset);
        HostAssembler a = _context.Hot;
        a.Load(HostRegister.R10, gs);
        a.Load(HostRegister.R11, kernelGs);
        a.Store(gs, HostRegister.R11);
        a.Store(kernelGs, HostRegister.R10);
        return true;
    }

    /// <summary>CLAC and STAC, with SMAP on: the TLB bank is another one afterwards.</summary>
    /// <param name="i">The instruction, the last of its block.</param>
    public bool ChangeUserAccess(in Instruction i)
    {
        if (!BeginPrivileged(out bool live))
        {
            return false;
        }

        // TEST dword [CR4], SMAP
        HostAssembler a = _context.Hot;
        a.Memory(0xF7, 0, Thunks.State(CpuState.Cr4Offset), wide: false);
        a.Int32((int)ModeBits.Cr4Smap);
        _context.FailIf(HostAssembler.Equal, live);
        bool allow = i.Mnemonic == Mnemonic.Stac;
        int bank = allow ? UserAccessBank : 0;
        if (allow)
        {
            OrState(CpuState.SystemFlagsOffset, (int)Flags.Ac);
            OrState(CpuState.ModeOffset, (int)CpuMode.UserAccess);
        }
        else
        {
            AndState(CpuState.SystemFlagsOffset, ~(int)Flags.Ac);
            AndState(CpuState.ModeOffset, ~(int)CpuMode.UserAccess);
        }

        End(live);
        int tlb = CpuState.TlbOffset + (bank * CpuState.TlbBankSize);
        a.Lea(HostRegister.R10, Thunks.State(tlb));
        a.Store(Thunks.State(CpuState.ReadTlbOffset), HostRegister.R10);
        a.Lea(HostRegister.R10, Thunks.State(tlb + (CpuState.TlbBankSize / 2)));
        a.Store(Thunks.State(CpuState.WriteTlbOffset), HostRegister.R10);
        uint mode = _context.Block->Mode;
        _jumps.ToMode(i.NextIP, allow ? mode | CpuMode.UserAccess : mode & ~CpuMode.UserAccess);
        return true;
    }

    /// <summary>MOV of a selector to a general register of 32 or 64 bits.</summary>
    /// <param name="i">The instruction.</param>
    public bool ReadSelector(in Instruction i)
    {
        if (i.Op0Kind != OpKind.Register || i.Op0Register.GetSize() < 4)
        {
            return false;
        }

        int segment = i.Op1Register - Register.ES;
        const int SelectorOffset = 12;

        // MOVZX R10D, word [selector]
        _context.Hot.Memory0F(0, 0xB7, HostRegister.R10, Thunks.State(CpuState.SegmentBaseOffset + (segment * 16) + SelectorOffset));
        _memory.StoreGuest(i.Op0Register.GetNumber(), HostRegister.R10);
        return true;
    }

    /// <summary>Checks the privilege level, with the flags out of the way.</summary>
    private bool BeginPrivileged(out bool live)
    {
        live = _context.FlagsLiveBefore;
        if (_context.Bank == 1)
        {
            return false;
        }

        if (live)
        {
            _context.SaveFlags();
        }

        CompareState(CpuState.CplOffset, 0);
        _context.FailIf(HostAssembler.NotEqual, live);
        return true;
    }

    private void End(bool live)
    {
        if (live)
        {
            EmitContext.RestoreFlags(_context.Hot);
        }
    }

    private void CompareState(int offset, int value)
    {
        _context.Hot.Memory(0x83, 7, Thunks.State(offset), wide: false);
        _context.Hot.Byte(value);
    }

    private void AndState(int offset, int mask)
    {
        _context.Hot.Memory(0x81, 4, Thunks.State(offset), wide: false);
        _context.Hot.Int32(mask);
    }

    private void OrState(int offset, int bits)
    {
        _context.Hot.Memory(0x81, 1, Thunks.State(offset), wide: false);
        _context.Hot.Int32(bits);
    }
}
