namespace EmuPS.Machine.MemoryBackends;

/// <summary>Where a backend's memory comes from.</summary>
public enum MemoryBackendKind
{
    /// <summary>Anonymous memory (memory-backend-ram).</summary>
    Ram,

    /// <summary>A file, or a nameless file in a folder (memory-backend-file).</summary>
    File,

    /// <summary>A nameless file in memory, Linux only (memory-backend-memfd).</summary>
    Memfd,
}
