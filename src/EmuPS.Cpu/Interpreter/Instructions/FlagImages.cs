using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Which flags POPF and IRET may change, and the change itself (SDM vol. 2, POPF and IRET).</summary>
internal static unsafe class FlagImages
{
    /// <summary>What every privilege level may change: the status flags, TF, DF and NT.</summary>
    public const ulong Common = Flags.Status | Flags.Tf | Flags.Df | Flags.Nt;

    /// <summary>IOPL as a number.</summary>
    /// <param name="s">The state.</param>
    public static int Iopl(CpuState* s) => (int)((s->SystemFlags & Flags.Iopl) >> 12);

    /// <summary>The flags that the present privilege level may change with POPF or IRET.</summary>
    /// <param name="s">The state.</param>
    /// <param name="size">Operand size in bytes; 2 leaves the upper half alone.</param>
    public static ulong Writable(CpuState* s, int size)
    {
        ulong mask = Common;
        if (size > 2)
        {
            mask |= Flags.Ac | Flags.Id;
        }

        if ((s->Mode & CpuMode.Real) != 0 || s->Cpl == 0)
        {
            return mask | Flags.If | Flags.Iopl;
        }

        return s->Cpl <= Iopl(s) || (s->Mode & CpuMode.Virtual8086) != 0 ? mask | Flags.If : mask;
    }

    /// <summary>Changes flags, refreshes the mode bits when they depend on the change, and looks for waiting interrupts when IF became set.</summary>
    /// <param name="s">The state.</param>
    /// <param name="value">The new values.</param>
    /// <param name="writable">Which flags change.</param>
    public static void Load(CpuState* s, ulong value, ulong writable)
    {
        ulong old = Flags.Get(s);
        Flags.Set(s, (old & ~writable) | (value & writable));
        ulong changed = old ^ s->SystemFlags;
        if ((changed & (Flags.Tf | Flags.Ac | Flags.Vm)) != 0)
        {
            ModeBits.Refresh(s);
        }

        if ((changed & s->SystemFlags & Flags.If) != 0)
        {
            InterruptDelivery.InterruptsEnabled(s);
        }
    }
}
