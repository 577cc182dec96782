namespace EmuPS.Machine.Pc;

/// <summary>How and why a machine ended.</summary>
/// <param name="Reason">QEMU's word: <c>guest-shutdown</c>, <c>host-qmp-quit</c>, <c>guest-reset</c>, <c>guest-panic</c>, <c>triple-fault</c>, <c>debug-exit</c>, <c>internal-error</c> and so on.</param>
/// <param name="ByGuest">True when the guest brought it about.</param>
/// <param name="ExitCode">The process exit code of the foreground form: 0 for an orderly end, twice the value plus one for a debug exit, 1 for a failure.</param>
/// <param name="Report">For a failure: what happened, registers, the latest blocks and events. Null otherwise.</param>
public sealed record MachineExit(string Reason, bool ByGuest, int ExitCode, string? Report = null)
{
    /// <summary>The guest switched the machine off.</summary>
    public const string GuestShutdown = "guest-shutdown";

    /// <summary>The host ended the machine.</summary>
    public const string HostQuit = "host-qmp-quit";

    /// <summary>The host reset the machine, which does not end it.</summary>
    public const string HostReset = "host-qmp-system-reset";

    /// <summary>Ctrl+C or the end of the terminal in front of the machine.</summary>
    public const string HostSignal = "host-signal";

    /// <summary>The guest asked for a reset and the machine was made not to do resets.</summary>
    public const string GuestReset = "guest-reset";

    /// <summary>The guest's processor shut down and the machine was made not to reset then.</summary>
    public const string TripleFault = "triple-fault";

    /// <summary>The guest panicked.</summary>
    public const string GuestPanic = "guest-panic";

    /// <summary>The guest wrote to the debug exit port.</summary>
    public const string DebugExit = "debug-exit";

    /// <summary>The engine failed.</summary>
    public const string InternalError = "internal-error";
}
