using System;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>The end of waiting for a DIMM.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Dimm">The DIMM at that moment.</param>
/// <param name="OstSource">The source event of the guest's report that decided it, or null.</param>
/// <param name="OstStatus">The status of that report, or null.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record DimmOutcome(DimmOutcomeKind Kind, DimmInfo Dimm, uint? OstSource, uint? OstStatus, TimeSpan Elapsed);
