using System.Collections.Generic;

namespace EmuPS.Machine.MemoryBackends;

/// <summary>What a memory backend should be: the properties of QEMU's memory-backend types.</summary>
public sealed record MemoryBackendOptions
{
    /// <summary>The id; null to have one generated (<c>mem0</c>, <c>mem1</c>, ...).</summary>
    public string? Id { get; init; }

    /// <summary>Where the memory comes from.</summary>
    public MemoryBackendKind Kind { get; init; }

    /// <summary>Size in bytes, at least 1. Mandatory.</summary>
    public ulong? SizeBytes { get; init; }

    /// <summary>True for a shared mapping: a file backend's writes reach the file. Null for the kind's default: true for memfd, else false.</summary>
    public bool? Share { get; init; }

    /// <summary>True to give every page real memory at creation; null for what the machine does with all of its backends.</summary>
    public bool? Preallocate { get; init; }

    /// <summary>Number of threads that do so, at least 1; null for the machine's number of processors.</summary>
    public uint? PreallocateThreads { get; init; }

    /// <summary>Whether the host may merge equal pages.</summary>
    public bool Merge { get; init; } = true;

    /// <summary>Whether the host's core dumps include the memory.</summary>
    public bool Dump { get; init; } = true;

    /// <summary>Whether the host may refuse what it could not fill. False maps any size without a promise.</summary>
    public bool Reserve { get; init; } = true;

    /// <summary>Host NUMA nodes for <see cref="HostPolicy"/>, each below 128.</summary>
    public IReadOnlyList<ushort> HostNodes { get; init; } = [];

    /// <summary>Placement on the host's NUMA nodes.</summary>
    public HostMemoryPolicy HostPolicy { get; init; }

    /// <summary>Kind File: the file, made when missing, or a folder. Mandatory there.</summary>
    public string? Path { get; init; }

    /// <summary>Kind File: alignment in bytes, a power of two and a multiple of the page size; 0 for the page size.</summary>
    public ulong Align { get; init; }

    /// <summary>Kind File: where in the file the memory begins, a multiple of the page size.</summary>
    public ulong Offset { get; init; }

    /// <summary>Kind File: drop the file's contents when the backend goes away.</summary>
    public bool DiscardData { get; init; }

    /// <summary>Kind File: open the file for reading only; the guest then sees ROM unless <see cref="Rom"/> is false.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Kind File: whether the guest sees ROM; null follows <see cref="ReadOnly"/>.</summary>
    public bool? Rom { get; init; }

    /// <summary>Kind Memfd: use huge pages.</summary>
    public bool HugeTlb { get; init; }

    /// <summary>Kind Memfd: size of a huge page in bytes, a power of two; 0 for the host's default.</summary>
    public ulong HugePageSize { get; init; }

    /// <summary>Kind Memfd: forbid growing and shrinking.</summary>
    public bool Seal { get; init; } = true;

    /// <summary>How many bytes get memory at creation.</summary>
    public ulong PreallocatedBytes => Preallocate == true && !(Rom ?? ReadOnly) ? SizeBytes ?? 0 : 0;

    /// <summary>QEMU's name of the type.</summary>
    public string TypeName => Kind switch
    {
        MemoryBackendKind.File => "memory-backend-file",
        MemoryBackendKind.Memfd => "memory-backend-memfd",
        _ => "memory-backend-ram",
    };
}
