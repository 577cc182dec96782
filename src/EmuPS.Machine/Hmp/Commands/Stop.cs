using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Holds the guest.</summary>
internal sealed class Stop : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "stop|s";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "stop emulation";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        machine.Pause();
        return string.Empty;
    }
}
