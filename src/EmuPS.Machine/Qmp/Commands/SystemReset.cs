namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Resets the machine.</summary>
internal sealed class SystemReset : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "system_reset";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        machine.Reset("host-qmp-system-reset");
        return QmpObject.Empty;
    }
}
