namespace EmuPS.Machine.MemoryHotplug;

/// <summary>What somebody waits for.</summary>
public enum DimmGoal
{
    /// <summary>The guest's answer to the insertion.</summary>
    Accepted,

    /// <summary>No answer of the guest is outstanding.</summary>
    Settled,

    /// <summary>The DIMM is gone, or the guest refused to let it go.</summary>
    Removed,
}
