namespace EmuPS.Machine.Pc;

/// <summary>What the machine does when its guest says that it panicked: QEMU's <c>-action panic=</c>.</summary>
public enum GuestPanicAction
{
    /// <summary>It ends.</summary>
    Shutdown,

    /// <summary>It is held, so that somebody can look.</summary>
    Pause,

    /// <summary>It ends, with the exit code 1.</summary>
    ExitFailure,

    /// <summary>Nothing but the event.</summary>
    None,
}
