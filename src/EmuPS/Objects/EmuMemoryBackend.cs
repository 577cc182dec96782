namespace EmuPS.Objects;

/// <summary>A memory backend of a VM: host memory that a DIMM can offer to the guest; a snapshot.</summary>
public sealed class EmuMemoryBackend : VMPart
{
    internal EmuMemoryBackend(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>Its id.</summary>
    public string BackendId { get; internal init; } = "";

    /// <summary>Where its memory comes from.</summary>
    public EmuMemoryBackendKind Kind { get; internal init; }

    /// <summary>Its size in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>The path of its file; null without one.</summary>
    public string? Path { get; internal init; }

    /// <summary>Whether what the guest writes is seen by others who map the same file.</summary>
    public bool Share { get; internal init; }

    /// <summary>Whether its pages were touched when it was made.</summary>
    public bool Preallocate { get; internal init; }

    /// <summary>Whether the host lost a part of its memory, because the file was truncated or its file system is full. That part reads as zeros. On Linux with an x86-64 processor; Windows does not let a mapped file be truncated, on macOS the process ends.</summary>
    public bool IsLost { get; internal init; }

    /// <summary>How many bytes were lost.</summary>
    public long LostBytes { get; internal init; }

    /// <summary>The id of the DIMM that uses it, or <c>pc.ram</c> for the machine's main memory; null when nothing does.</summary>
    public string? InUseBy { get; internal init; }

    /// <summary>Whether it is the memory that the VM started with, <c>pc.ram</c>.</summary>
    public bool IsMain { get; internal init; }

    private protected override string Key => BackendId;
}
