using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Gives the machine's id.</summary>
internal sealed class QueryUuid : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-uuid";

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(new SchemaMember("UUID", SchemaType.Text));

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        return QmpObject.Of(("UUID", machine.Id.ToString("D")));
    }
}
