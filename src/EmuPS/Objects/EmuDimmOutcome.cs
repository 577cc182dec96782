namespace EmuPS.Objects;

/// <summary>What became of a request that concerns a DIMM.</summary>
public enum EmuDimmOutcome
{
    /// <summary>The guest took the DIMM.</summary>
    Accepted,

    /// <summary>The guest let the DIMM go.</summary>
    Removed,

    /// <summary>The guest refused.</summary>
    Refused,

    /// <summary>The guest has not answered yet; the request stands.</summary>
    Pending,
}
