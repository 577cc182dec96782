namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lets the guest go on.</summary>
internal sealed class Cont : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "cont";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        machine.Resume();
        return QmpObject.Empty;
    }
}
