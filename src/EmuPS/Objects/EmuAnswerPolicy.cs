namespace EmuPS.Objects;

/// <summary>How the simulated guest answers when a DIMM is added or is to be removed.</summary>
public enum EmuAnswerPolicy
{
    /// <summary>Does it at once.</summary>
    Accept,

    /// <summary>Answers that it will not.</summary>
    Refuse,

    /// <summary>Does it after the delay.</summary>
    Delay,

    /// <summary>Does not answer.</summary>
    Ignore,
}
