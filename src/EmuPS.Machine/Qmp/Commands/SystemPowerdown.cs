namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Presses the power button.</summary>
internal sealed class SystemPowerdown : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "system_powerdown";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        machine.PressPowerButton();
        return QmpObject.Empty;
    }
}
