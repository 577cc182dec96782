namespace EmuPS.Machine.MemoryHotplug;

/// <summary>What a DIMM should be: the properties of QEMU's pc-dimm.</summary>
public sealed record PcDimmOptions
{
    /// <summary>The id. Null makes a device without one, unless <see cref="GenerateId"/> is set.</summary>
    public string? Id { get; init; }

    /// <summary>True to have the id generated when there is none (<c>dimm0</c>, <c>dimm1</c>, ...).</summary>
    public bool GenerateId { get; init; }

    /// <summary>The id or object path of the backend. Mandatory.</summary>
    public string? BackendId { get; init; }

    /// <summary>The slot; -1 for the first free one.</summary>
    public int Slot { get; init; } = -1;

    /// <summary>Guest physical address; 0 for the first gap.</summary>
    public ulong Address { get; init; }

    /// <summary>Guest NUMA node.</summary>
    public uint Node { get; init; }
}
