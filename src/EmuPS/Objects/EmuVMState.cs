namespace EmuPS.Objects;

/// <summary>What a VM does.</summary>
public enum EmuVMState
{
    /// <summary>The guest runs, or waits for something to do.</summary>
    Running,

    /// <summary>The guest stands still and can go on.</summary>
    Paused,

    /// <summary>The VM ended as it should; its console and events are still there.</summary>
    Stopped,

    /// <summary>The VM ended as it should not; <c>ExitReason</c> says why.</summary>
    Failed,
}
