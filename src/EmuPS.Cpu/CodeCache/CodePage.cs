using System.Collections.Generic;

namespace EmuPS.Cpu.CodeCache;

/// <summary>A physical page from which blocks were made.</summary>
internal sealed class CodePage
{
    /// <summary>Addresses of the blocks that have bytes on the page.</summary>
    public List<nint> Blocks { get; } = [];

    /// <summary>Which of the page's 64 lines of 64 bytes hold code, so that data beside code can be written without a search.</summary>
    public ulong Lines { get; set; }
}
