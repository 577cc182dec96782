using EmuPS.Machine.Pc;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Ends the machine.</summary>
internal sealed class Quit : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "quit";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        machine.PowerOff(MachineExit.HostQuit);
        return QmpObject.Empty;
    }
}
