namespace EmuPS.Machine.Guests;

/// <summary>How the simulated guest answers a memory event.</summary>
public enum SimulatedGuestPolicy
{
    /// <summary>Does what was asked, at once.</summary>
    Accept = 0,

    /// <summary>Answers that it will not.</summary>
    Refuse = 1,

    /// <summary>Does what was asked after the delay.</summary>
    Delay = 2,

    /// <summary>Does not answer; the event stays pending and is seen again with the next one.</summary>
    Ignore = 3,
}
