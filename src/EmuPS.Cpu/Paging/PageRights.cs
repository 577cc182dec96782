using System;

namespace EmuPS.Cpu.Paging;

/// <summary>What the paging structures say of a page, all levels combined.</summary>
[Flags]
internal enum PageRights : uint
{
    /// <summary>Supervisor page that may be read and executed.</summary>
    None = 0,

    /// <summary>Writable.</summary>
    Write = 1,

    /// <summary>A user page.</summary>
    User = 2,

    /// <summary>Instructions may not be fetched.</summary>
    NoExecute = 4,

    /// <summary>The dirty bit is set, so a write needs no walk.</summary>
    Dirty = 8,

    /// <summary>Survives a change of address space.</summary>
    Global = 16,

    /// <summary>Part of a 2 or 4 MiB page.</summary>
    Large = 32,

    /// <summary>Part of a 1 GiB page.</summary>
    Huge = 64,
}
