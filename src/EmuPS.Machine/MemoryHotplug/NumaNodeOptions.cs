using System.Collections.Generic;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>A NUMA node of the guest.</summary>
public sealed record NumaNodeOptions
{
    /// <summary>Node number, below 128; null for the next one.</summary>
    public int? NodeId { get; init; }

    /// <summary>Initial memory of the node in bytes, or null when <see cref="BackendId"/> gives it or the machine shares its memory out evenly.</summary>
    public ulong? MemoryBytes { get; init; }

    /// <summary>The backend that is the node's initial memory, or null.</summary>
    public string? BackendId { get; init; }

    /// <summary>Processors of the node.</summary>
    public IReadOnlyList<int> Cpus { get; init; } = [];

    /// <summary>Distances to other nodes: 10 is local, 255 unreachable.</summary>
    public IReadOnlyDictionary<int, byte> Distances { get; init; } = new Dictionary<int, byte>();
}
