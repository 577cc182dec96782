using System.Collections.Generic;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>A DIMM as it was when somebody looked.</summary>
/// <param name="Instance">Tells two DIMMs that bore the same id apart; unique within a machine.</param>
/// <param name="Id">The id, or null for a device without one.</param>
/// <param name="Path">Its path in QEMU's object tree.</param>
/// <param name="Slot">The slot.</param>
/// <param name="Address">Guest physical address.</param>
/// <param name="SizeBytes">Size in bytes.</param>
/// <param name="Node">Guest NUMA node.</param>
/// <param name="BackendId">The backend that holds its memory.</param>
/// <param name="Hotplugged">True when it was added after the machine was built.</param>
/// <param name="State">What is known of it.</param>
/// <param name="OstSource">Source event of the guest's last report on this DIMM, or null.</param>
/// <param name="OstStatus">Status of that report, or null.</param>
public sealed record DimmInfo(
    long Instance,
    string? Id,
    string Path,
    int Slot,
    ulong Address,
    ulong SizeBytes,
    uint Node,
    string BackendId,
    bool Hotplugged,
    DimmState State,
    uint? OstSource,
    uint? OstStatus)
{
    /// <summary>The id, or the path of a device without one.</summary>
    public string Name => Id ?? Path;

    /// <summary>The entry of query-memory-devices.</summary>
    public IReadOnlyDictionary<string, object?> ToQmp()
    {
        OrderedDictionary<string, object?> data = new()
        {
            ["memdev"] = "/objects/" + BackendId,
            ["hotplugged"] = Hotplugged,
            ["addr"] = Address,
            ["hotpluggable"] = true,
            ["size"] = SizeBytes,
            ["slot"] = Slot,
            ["node"] = Node,
        };
        if (Id is not null)
            data["id"] = Id;
        return new OrderedDictionary<string, object?> { ["type"] = "dimm", ["data"] = data };
    }
}
