namespace EmuPS.Machine.MemoryHotplug;

/// <summary>A DIMM slot as it was when somebody looked: the raw register flags and what the slot holds.</summary>
/// <param name="Slot">The slot number.</param>
/// <param name="Dimm">The DIMM in it, or null.</param>
/// <param name="InsertPending">The guest has not taken note of an insertion.</param>
/// <param name="RemovePending">The guest has not taken note of a removal request.</param>
/// <param name="OstSource">Source event of the guest's last report on this slot; 0 before the first; stays when the slot empties.</param>
/// <param name="OstStatus">Status of that report.</param>
public sealed record DimmSlotInfo(int Slot, DimmInfo? Dimm, bool InsertPending, bool RemovePending, uint OstSource, uint OstStatus)
{
    /// <summary>True when a DIMM can go here.</summary>
    public bool IsFree => Dimm is null;
}
