namespace EmuPS.Objects;

/// <summary>What happens when the guest's kernel says that it panicked.</summary>
public enum EmuPanicAction
{
    /// <summary>The VM stops.</summary>
    Shutdown,

    /// <summary>The VM is held, so that somebody can look.</summary>
    Pause,

    /// <summary>The VM stops; in the foreground the exit code is 1.</summary>
    ExitFailure,

    /// <summary>Nothing but the event.</summary>
    None,
}
