using System.Runtime.InteropServices;

namespace EmuPS.Cpu.Paging;

/// <summary>A translation as the second-level TLB keeps it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PageEntry
{
    /// <summary>Linear address of the page.</summary>
    public ulong Linear;

    /// <summary>Generation in which the entry is valid; see <see cref="TranslationCache"/>.</summary>
    public ulong Generation;

    /// <summary>Guest physical address of the page.</summary>
    public ulong Physical;

    /// <summary>Host address of the page; null when no RAM lies there.</summary>
    public byte* Host;

    /// <summary>The page's flag byte (<see cref="Core.Memory.RamRegion"/>); null when no RAM lies there.</summary>
    public byte* Flags;

    /// <summary>What the page allows.</summary>
    public PageRights Rights;

    /// <summary>1 when the RAM ignores writes.</summary>
    public uint ReadOnly;
}
