namespace EmuPS.Commands;

/// <summary>What <c>Wait-EmuVM</c> can wait for.</summary>
public enum EmuVMGoal
{
    /// <summary>The guest has booted and answers.</summary>
    GuestReady,

    /// <summary>The VM runs.</summary>
    Running,

    /// <summary>The VM stands still.</summary>
    Paused,

    /// <summary>The VM has ended.</summary>
    Stopped,
}
