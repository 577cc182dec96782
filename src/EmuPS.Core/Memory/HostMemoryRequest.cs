using EmuPS.Core.Native;

namespace EmuPS.Core.Memory;

/// <summary>What a <see cref="MappedMemoryBlock"/> should be.</summary>
/// <param name="Size">Size in bytes; rounded up to whole pages of the mapping.</param>
public sealed record HostMemoryRequest(ulong Size)
{
    /// <summary>The file to map, which the block then owns; null for anonymous memory.</summary>
    public HostFile? File { get; init; }

    /// <summary>Where in the file the block begins, page-aligned.</summary>
    public ulong Offset { get; init; }

    /// <summary>Alignment of the host address, a power of two.</summary>
    public ulong Alignment { get; init; } = 4096;

    /// <summary>True when writes reach the file and its other mappings.</summary>
    public bool Shared { get; init; }

    /// <summary>True when nobody writes.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>True to let the host refuse what it could not fill.</summary>
    public bool Reserve { get; init; } = true;

    /// <summary>Raised when the host loses pages of the file, which then read as zeros; null when nobody needs to know. The block does not own it.</summary>
    public HostEvent? Lost { get; init; }

    /// <summary>True to drop the file's contents when the block goes away.</summary>
    public bool DiscardData { get; init; }
}
