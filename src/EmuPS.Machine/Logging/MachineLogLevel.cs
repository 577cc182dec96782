namespace EmuPS.Machine.Logging;

/// <summary>How much goes into a machine's log: this level and all above it. The values are those of Microsoft.Extensions.Logging.</summary>
public enum MachineLogLevel
{
    /// <summary>Every access to the hotplug registers and every stop of the processor.</summary>
    Trace,

    /// <summary>Monitor commands, agent commands, and what the guest takes note of.</summary>
    Debug,

    /// <summary>What happens to the machine: plugs, answers, ejects, resets, its life.</summary>
    Information,

    /// <summary>What was asked for and did not quite happen, and what the guest tries that is not modelled.</summary>
    Warning,

    /// <summary>What failed.</summary>
    Error,
}
