namespace EmuPS.Objects;

/// <summary>A DIMM in a slot of a VM; a snapshot.</summary>
public sealed class EmuDimm : VMPart
{
    internal EmuDimm(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>Its id; of a device that was added without one, its path, which is taken wherever an id is.</summary>
    public string DimmId { get; internal init; } = "";

    /// <summary>The number of its slot, from 0.</summary>
    public int Slot { get; internal init; }

    /// <summary>Its guest-physical address.</summary>
    public ulong Address { get; internal init; }

    /// <summary>Its size in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>The NUMA node it is on, from 0.</summary>
    public int Node { get; internal init; }

    /// <summary>How far it is on its way.</summary>
    public EmuDimmState State { get; internal init; }

    /// <summary>The id of the memory backend behind it.</summary>
    public string BackendId { get; internal init; } = "";

    /// <summary>Whether it was added while the VM ran.</summary>
    public bool Hotplugged { get; internal init; }

    /// <summary>The event that the guest last answered (<c>_OST</c> argument 0): 1 an insertion, 3 a removal; null when it has not answered.</summary>
    public uint? OstSource { get; internal init; }

    /// <summary>The guest's last answer (<c>_OST</c> argument 1): 0 is success; null when it has not answered.</summary>
    public uint? OstStatus { get; internal init; }

    private protected override string Key => DimmId;
}
