namespace EmuPS.Commands;

/// <summary>What <c>Wait-EmuDimm</c> can wait for.</summary>
public enum EmuDimmGoal
{
    /// <summary>The guest answered that it took the DIMM.</summary>
    Accepted,

    /// <summary>No answer of the guest is outstanding.</summary>
    Settled,

    /// <summary>The guest uses all of the DIMM's memory.</summary>
    Online,

    /// <summary>The guest let the DIMM go.</summary>
    Removed,
}
