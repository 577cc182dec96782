namespace EmuPS.Objects;

/// <summary>Where the memory of a backend comes from.</summary>
public enum EmuMemoryBackendKind
{
    /// <summary>Anonymous memory (<c>memory-backend-ram</c>).</summary>
    Ram,

    /// <summary>A file, or a directory to make one in (<c>memory-backend-file</c>).</summary>
    File,

    /// <summary>An anonymous file of Linux (<c>memory-backend-memfd</c>).</summary>
    Memfd,
}
