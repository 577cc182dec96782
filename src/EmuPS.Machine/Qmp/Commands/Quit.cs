namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Ends the machine.</summary>
internal sealed class Quit : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "quit";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        machine.PowerOff("host-qmp-quit");
        return QmpObject.Empty;
    }
}
