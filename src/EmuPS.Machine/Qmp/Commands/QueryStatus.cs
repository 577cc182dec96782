using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Says whether the machine runs.</summary>
internal sealed class QueryStatus : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-status";

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(new SchemaMember("running", SchemaType.Flag), new SchemaMember("singlestep", SchemaType.Flag), new SchemaMember("status", QmpTypes.RunState));

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string status = machine.RunStatus;
        return QmpObject.Of(("status", status), ("singlestep", false), ("running", status == "running"));
    }
}
