using System;
using System.Collections.Generic;

namespace EmuPS.Objects;

/// <summary>What became of a request that concerns a DIMM, in the guest's own words; a snapshot.</summary>
public sealed class EmuDimmResult : VMPart
{
    internal EmuDimmResult(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>The DIMM's id.</summary>
    public string DimmId { get; internal init; } = "";

    /// <summary>The id of the memory backend behind it.</summary>
    public string BackendId { get; internal init; } = "";

    /// <summary>What the guest did.</summary>
    public EmuDimmOutcome Outcome { get; internal init; }

    /// <summary>The event that the guest answered (<c>_OST</c> argument 0); null when it has not answered.</summary>
    public uint? OstSource { get; internal init; }

    /// <summary>The guest's answer (<c>_OST</c> argument 1); null when it has not answered.</summary>
    public uint? OstStatus { get; internal init; }

    /// <summary>The numbers of the guest's memory blocks of this DIMM that are online; null when the guest was not asked or does not say.</summary>
    public IReadOnlyList<long>? BlocksOnline { get; internal init; }

    /// <summary>Why, as far as the guest says: the meaning of its answer and what its kernel logged meanwhile.</summary>
    public string? GuestReason { get; internal init; }

    /// <summary>The time between the request and the answer, or the end of the wait.</summary>
    public TimeSpan Elapsed { get; internal init; }

    private protected override string Key => DimmId;
}
