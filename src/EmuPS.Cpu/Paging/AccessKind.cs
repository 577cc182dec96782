namespace EmuPS.Cpu.Paging;

/// <summary>What an access wants of a page.</summary>
internal enum AccessKind
{
    /// <summary>Data is read.</summary>
    Read,

    /// <summary>Data is written.</summary>
    Write,

    /// <summary>An instruction is fetched.</summary>
    Fetch,
}
