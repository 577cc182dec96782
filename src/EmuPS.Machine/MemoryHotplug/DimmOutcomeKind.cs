namespace EmuPS.Machine.MemoryHotplug;

/// <summary>How waiting for a DIMM ended.</summary>
public enum DimmOutcomeKind
{
    /// <summary>The guest has it.</summary>
    Accepted,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>The guest refused to take it or to let it go.</summary>
    Refused,

    /// <summary>No answer within the time; the request stays.</summary>
    Pending,
}
