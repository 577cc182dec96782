namespace EmuPS.Machine.Pc;

/// <summary>Where a machine is in its life.</summary>
public enum MachineState
{
    /// <summary>Made but not started, or held: guest time stands still.</summary>
    Paused,

    /// <summary>The guest runs.</summary>
    Running,

    /// <summary>The machine has ended; it holds no guest memory any more.</summary>
    Stopped,

    /// <summary>The machine has ended because of a failure of the engine; the exit holds a report.</summary>
    Failed,
}
