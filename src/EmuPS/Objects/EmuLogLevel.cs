namespace EmuPS.Objects;

/// <summary>How much a VM writes into its log: this level and all that weighs more.</summary>
public enum EmuLogLevel
{
    /// <summary>Every access to the hotplug registers and every stop of the processor.</summary>
    Trace,

    /// <summary>Monitor commands, guest commands, and what the guest takes note of.</summary>
    Debug,

    /// <summary>What happens to the VM: plugs, answers, ejects, resets, its start and end.</summary>
    Information,

    /// <summary>What was asked for and did not quite happen, and what the guest tries that EmuPS does not have.</summary>
    Warning,

    /// <summary>What failed.</summary>
    Error,
}
