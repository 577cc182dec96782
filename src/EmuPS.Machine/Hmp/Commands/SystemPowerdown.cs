using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Presses the power button.</summary>
internal sealed class SystemPowerdown : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "system_powerdown";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "send system power down event";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        machine.PressPowerButton();
        return string.Empty;
    }
}
