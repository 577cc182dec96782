using System;

namespace EmuPS.Objects;

/// <summary>How the guest of a VM answers memory that comes and goes; a snapshot.</summary>
public sealed class EmuGuestPolicy : VMPart
{
    internal EmuGuestPolicy(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>What it does with memory that appears; null when it does not say.</summary>
    public EmuOnlinePolicy? Online { get; internal init; }

    /// <summary>How it answers removals; null where a real guest decides.</summary>
    public EmuAnswerPolicy? Unplug { get; internal init; }

    /// <summary>How it answers insertions; null where a real guest decides.</summary>
    public EmuAnswerPolicy? Plug { get; internal init; }

    /// <summary>How long it waits where the policy is to delay; null where a real guest decides.</summary>
    public TimeSpan? Delay { get; internal init; }

    /// <summary>The id of the DIMM that this is for; null when it is for all that have no policy of their own.</summary>
    public string? DimmId { get; internal init; }

    private protected override string Key => DimmId ?? VMName;
}
