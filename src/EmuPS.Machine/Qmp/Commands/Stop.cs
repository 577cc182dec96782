namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Holds the guest.</summary>
internal sealed class Stop : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "stop";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        machine.Pause();
        return QmpObject.Empty;
    }
}
