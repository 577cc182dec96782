using EmuPS.Machine.Pc;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Resets the machine.</summary>
internal sealed class SystemReset : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "system_reset";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        machine.Reset(MachineExit.HostReset);
        return QmpObject.Empty;
    }
}
