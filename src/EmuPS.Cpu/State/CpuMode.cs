namespace EmuPS.Cpu.State;

/// <summary>Mode bits that change what code means; part of every block's key.</summary>
internal static class CpuMode
{
    /// <summary>64-bit code (CS.L in long mode).</summary>
    public const uint Long64 = 1;

    /// <summary>Default operand and address size 32 (CS.D).</summary>
    public const uint Code32 = 2;

    /// <summary>SS.B: the stack pointer is 32 bits wide outside 64-bit mode.</summary>
    public const uint Stack32 = 4;

    /// <summary>CPL 3.</summary>
    public const uint User = 8;

    /// <summary>Real-address mode (CR0.PE clear).</summary>
    public const uint Real = 16;

    /// <summary>One instruction a block: TF, breakpoints, or an interrupt shadow.</summary>
    public const uint SingleStep = 32;

    /// <summary>IA-32e mode is active (EFER.LMA), whatever the code segment.</summary>
    public const uint LongActive = 64;

    /// <summary>Virtual-8086 mode.</summary>
    public const uint Virtual8086 = 128;

    /// <summary>Supervisor code that may touch user pages (CR4.SMAP and RFLAGS.AC set).</summary>
    public const uint UserAccess = 256;

    /// <summary>Protected or compatibility mode with 32-bit code and stack, and with CS, SS, DS and ES from 0 to 4 GiB: linear addresses are offsets, which is what the translator takes for granted.</summary>
    public const uint Flat32 = 512;
}
