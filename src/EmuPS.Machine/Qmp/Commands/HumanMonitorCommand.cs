using System;
using EmuPS.Machine.Hmp;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Runs a command of the human monitor; its errors are text too.</summary>
internal sealed class HumanMonitorCommand : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "human-monitor-command";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string line = arguments.Required("command-line");
        arguments.End();
        return new HmpMonitor(machine).Execute(line).Replace("\n", "\r\n", StringComparison.Ordinal);
    }
}
