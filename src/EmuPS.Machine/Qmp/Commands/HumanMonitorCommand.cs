using System;
using EmuPS.Machine.Hmp;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Runs a command of the human monitor; its errors are text too.</summary>
internal sealed class HumanMonitorCommand : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "human-monitor-command";

    /// <inheritdoc/>
    public SchemaObject Arguments { get; } = new(new SchemaMember("command-line", SchemaType.Text), new SchemaMember("cpu-index", SchemaType.Integer, IsOptional: true));

    /// <inheritdoc/>
    public SchemaType Result => SchemaType.Text;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string line = arguments.Required("command-line");
        // No command here depends on the processor, but one that is not there is refused.
        if (arguments.Integer("cpu-index") is { } processor && (processor < 0 || processor >= machine.ProcessorThreads.Count))
            throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, "Parameter 'cpu-index' expects a CPU number", processor);
        return new HmpMonitor(machine).Execute(line).Replace("\n", "\r\n", StringComparison.Ordinal);
    }
}
