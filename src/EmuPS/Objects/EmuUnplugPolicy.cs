namespace EmuPS.Objects;

/// <summary>How the simulated guest answers when a DIMM is to be removed.</summary>
public enum EmuUnplugPolicy
{
    /// <summary>Lets it go at once.</summary>
    Accept,

    /// <summary>Answers that it will not.</summary>
    Refuse,

    /// <summary>Lets it go after the delay.</summary>
    Delay,

    /// <summary>Does not answer.</summary>
    Ignore,
}
