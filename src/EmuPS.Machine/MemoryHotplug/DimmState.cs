namespace EmuPS.Machine.MemoryHotplug;

/// <summary>What is known of a DIMM, derived from the raw register flags and the guest's reports.</summary>
public enum DimmState
{
    /// <summary>Announced; the guest has not answered.</summary>
    Pending,

    /// <summary>The guest reported success. Whether it uses the memory only the guest knows.</summary>
    Accepted,

    /// <summary>The guest reported a failure.</summary>
    Rejected,

    /// <summary>There since the guest booted; no answer ever comes.</summary>
    Present,

    /// <summary>Removal was requested; the guest has neither ejected nor refused.</summary>
    UnplugPending,

    /// <summary>Gone.</summary>
    Removed,
}
