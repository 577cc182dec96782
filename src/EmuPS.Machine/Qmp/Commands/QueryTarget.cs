using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Names the emulated architecture.</summary>
internal sealed class QueryTarget : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-target";

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(new SchemaMember("arch", QmpTypes.Target));

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        return QmpObject.Of(("arch", "x86_64"));
    }
}
