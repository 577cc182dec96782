namespace EmuPS.Objects;

/// <summary>How far a DIMM is on its way into the guest, or out of it.</summary>
/// <remarks>Whether the guest <em>uses</em> the memory is its own affair: see <c>Get-EmuMemory -Guest</c> and <c>Wait-EmuDimm -For Online</c>.</remarks>
public enum EmuDimmState
{
    /// <summary>Plugged; the guest has not answered yet.</summary>
    Pending,

    /// <summary>The guest answered that it took the DIMM.</summary>
    Accepted,

    /// <summary>The guest answered that it cannot use the DIMM.</summary>
    Rejected,

    /// <summary>There from the start; the guest found it at boot and never answers for it.</summary>
    Present,

    /// <summary>Its removal was asked for and the guest has not answered yet.</summary>
    UnplugPending,

    /// <summary>The guest let it go.</summary>
    Removed,
}
