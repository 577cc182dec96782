namespace EmuPS.Cpu;

/// <summary>Where and how directly loaded code starts: flat segments (CS 0x10, DS, ES, SS 0x18, FS and GS too), interrupts off.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Rip">Address of the first instruction.</param>
public sealed record ProcessorEntry(EntryMode Mode, ulong Rip)
{
    /// <summary>Initial stack pointer.</summary>
    public ulong Rsp { get; init; }

    /// <summary>Initial RAX.</summary>
    public ulong Rax { get; init; }

    /// <summary>Initial RBX.</summary>
    public ulong Rbx { get; init; }

    /// <summary>Initial RSI.</summary>
    public ulong Rsi { get; init; }

    /// <summary>Page table base; used by <see cref="EntryMode.Long64"/>.</summary>
    public ulong Cr3 { get; init; }

    /// <summary>Base of the GDT that holds the flat segments.</summary>
    public ulong GdtBase { get; init; }

    /// <summary>Limit of that GDT.</summary>
    public ushort GdtLimit { get; init; }
}
