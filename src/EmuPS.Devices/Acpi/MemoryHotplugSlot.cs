namespace EmuPS.Devices.Acpi;

/// <summary>What the hotplug registers hold for one slot, as QEMU keeps it: the events are independent of each other and of what the slot holds.</summary>
/// <param name="IsEnabled">A DIMM is in the slot.</param>
/// <param name="InsertPending">The insertion was announced and the guest has not taken note.</param>
/// <param name="RemovePending">A removal was requested and the guest has not taken note.</param>
/// <param name="Address">Guest physical address, 0 for an empty slot.</param>
/// <param name="Size">Size in bytes, 0 for an empty slot.</param>
/// <param name="Node">Proximity domain, 0 for an empty slot.</param>
/// <param name="OstSource">The source event that the guest reported last; stays when the slot empties.</param>
/// <param name="OstStatus">The status that the guest reported last; stays when the slot empties.</param>
public readonly record struct MemoryHotplugSlot(
    bool IsEnabled,
    bool InsertPending,
    bool RemovePending,
    ulong Address,
    ulong Size,
    uint Node,
    uint OstSource,
    uint OstStatus);
