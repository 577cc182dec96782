namespace EmuPS.Cpu;

/// <summary>The processor mode in which directly loaded code starts.</summary>
public enum EntryMode
{
    /// <summary>32-bit protected mode without paging, flat segments: Multiboot.</summary>
    Protected32,

    /// <summary>64-bit mode with the page tables that the loader made: the Linux 64-bit boot protocol.</summary>
    Long64,
}
