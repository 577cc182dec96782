using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes the ways from one block to the next.</summary>
/// <remarks>A jump inside the page is linked to its target once that is known, for the page's translation holds as long as it is executing. Everything else goes through the jump table, which is emptied whenever a translation is forgotten.</remarks>
internal sealed unsafe class JumpEmitter
{
    /// <summary>Bit of a link site that marks a jump to the same or a lower address: it is linked to the entry that looks at the exit word.</summary>
    public const ulong Backward = 1UL << 63;

    private readonly EmitContext _context;

    /// <summary>Makes an emitter.</summary>
    /// <param name="context">The context.</param>
    public JumpEmitter(EmitContext context) => _context = context;

    /// <summary>Jumps to a known address.</summary>
    /// <param name="target">Guest address.</param>
    public void To(ulong target)
    {
        _context.StoreVectors();
        HostAssembler hot = _context.Hot;
        target = Cut(target);
        if (!IsSamePage(target))
        {
            ThroughTable(hot, target, _context.Block->Mode);
            return;
        }

        hot.Jump(_context.Cold.Position);
        WriteLink(target, hot.Position - 4);
    }

    /// <summary>Goes on behind STI, in the shadow of which no interrupt is taken: a linked jump does not look for one, and on the way through C# the shadow is noted.</summary>
    /// <param name="target">Guest address.</param>
    /// <returns>False when the address is on another page, where only a jump that looks for interrupts leads to.</returns>
    public bool ToInShadow(ulong target)
    {
        if (!IsSamePage(target))
        {
            return false;
        }

        _context.StoreVectors();
        _context.Hot.Jump(_context.Cold.Position);
        byte* distance = _context.Hot.Position - 4;

        // MOV dword [shadow], value
        _context.Cold.Memory(0xC7, 0, Thunks.State(CpuState.InterruptShadowOffset), wide: false);
        _context.Cold.Int32(CpuState.ShadowUntilRequest);
        WriteLink(target, distance);
        return true;
    }

    /// <summary>Jumps to a known address in another mode.</summary>
    /// <param name="target">Guest address.</param>
    /// <param name="mode">Its mode bits.</param>
    public void ToMode(ulong target, uint mode)
    {
        _context.StoreVectors();
        ThroughTable(_context.Hot, Cut(target), mode);
    }

    /// <summary>Jumps to a known address on a condition; otherwise goes on behind.</summary>
    /// <param name="condition">Second opcode byte of the host's Jcc.</param>
    /// <param name="target">Guest address.</param>
    public void If(int condition, ulong target)
    {
        _context.StoreVectors();
        HostAssembler hot = _context.Hot;
        hot.JumpIf(condition, _context.Cold.Position);
        if (IsSamePage(target))
        {
            WriteLink(target, hot.Position - 4);
        }
        else
        {
            ThroughTable(_context.Cold, target, _context.Block->Mode);
        }
    }

    /// <summary>Jumps to the guest address in R10.</summary>
    public void Indirect()
    {
        _context.StoreVectors();
        HostAssembler a = _context.Hot;

        // PEXT R11, R10, [mask]: the one way to cut an index out that leaves the flags alone and needs no third register.
        a.Byte(0xC4);
        a.Byte(0x62);
        a.Byte(0xAA);
        a.Byte(0xF5);
        a.Byte(0x9C);
        a.Byte(0x24);
        a.Int32(CpuState.JumpMaskOffset);
        a.JumpIndirect(new HostOperand(HostRegister.Rsp, TableOffset(_context.Block->Mode), HostRegister.R11, 3));
    }

    private static int TableOffset(uint mode) => CpuState.JumpTableOffset + (ModeBits.JumpTableOf(mode) * CpuState.JumpTableSize);

    /// <summary>What lies behind the last instruction of 32-bit code wraps at 4 GiB.</summary>
    private ulong Cut(ulong target) => _context.Is32 ? (uint)target : target;

    private bool IsSamePage(ulong target) => (target ^ _context.Block->Rip) >> 12 == 0;

    private static void ThroughTable(HostAssembler a, ulong target, uint mode)
    {
        a.Constant(HostRegister.R10, target);
        a.JumpIndirect(Thunks.State(TableOffset(mode) + ((int)(target & (CpuState.JumpTableEntries - 1)) * 8)));
    }

    private void WriteLink(ulong target, byte* distance)
    {
        HostAssembler cold = _context.Cold;
        cold.Constant(HostRegister.R10, target);
        cold.Constant(HostRegister.R11, (ulong)distance | (target <= _context.Block->Rip ? Backward : 0));
        cold.Jump(_context.Thunks.Link(_context.IsResident));
    }
}
