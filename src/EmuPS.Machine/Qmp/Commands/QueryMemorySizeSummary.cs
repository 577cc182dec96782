using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Gives initial and plugged memory in bytes.</summary>
internal sealed class QueryMemorySizeSummary : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-memory-size-summary";

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(new SchemaMember("base-memory", SchemaType.Integer), new SchemaMember("plugged-memory", SchemaType.Integer, IsOptional: true));

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        MemorySizeSummary summary = machine.Hotplug.Summary;
        return QmpObject.Of(("base-memory", summary.BaseBytes), ("plugged-memory", summary.PluggedBytes));
    }
}
