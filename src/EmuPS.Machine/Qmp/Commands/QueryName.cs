using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Gives the machine's name.</summary>
internal sealed class QueryName : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-name";

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(new SchemaMember("name", SchemaType.Text, IsOptional: true));

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        return QmpObject.Of(("name", machine.Name));
    }
}
