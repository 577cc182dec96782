using System.Collections.Generic;
using EmuPS.Core.Memory;

namespace EmuPS.Cpu.CodeCache;

/// <summary>A physical page from which blocks were made.</summary>
/// <param name="region">The RAM that it is part of; null when there was none any more.</param>
internal sealed class CodePage(RamRegion? region)
{
    /// <summary>The RAM that the page is part of. Blocks outlive a change of the physical map as long as the same RAM lies there.</summary>
    public RamRegion? Region { get; } = region;

    /// <summary>Addresses of the blocks that have bytes on the page.</summary>
    public List<nint> Blocks { get; } = [];

    /// <summary>Which of the page's 64 lines of 64 bytes hold code, so that data beside code can be written without a search.</summary>
    public ulong Lines { get; set; }
}
