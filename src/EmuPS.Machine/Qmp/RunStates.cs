using System.Collections.Generic;

namespace EmuPS.Machine.Qmp;

/// <summary>QEMU's words for where a machine is in its life, as query-status says them.</summary>
internal static class RunStates
{
    /// <summary>The guest runs.</summary>
    internal const string Running = "running";

    /// <summary>Guest time stands still.</summary>
    internal const string Paused = "paused";

    /// <summary>Held because the guest panicked.</summary>
    internal const string GuestPanicked = "guest-panicked";

    /// <summary>Not started yet, or not started again since a reset.</summary>
    internal const string Prelaunch = "prelaunch";

    /// <summary>The machine has ended.</summary>
    internal const string Shutdown = "shutdown";

    /// <summary>The machine has ended because the engine failed.</summary>
    internal const string InternalError = "internal-error";

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<string> All { get; } = [GuestPanicked, InternalError, Paused, Prelaunch, Running, Shutdown];
}
