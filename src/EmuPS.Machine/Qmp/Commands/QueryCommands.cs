using System.Linq;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the commands.</summary>
/// <param name="dispatcher">Knows them.</param>
internal sealed class QueryCommands(QmpDispatcher dispatcher) : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-commands";

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(new SchemaMember("name", SchemaType.Text)).List;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        return dispatcher.CommandNames.Select(name => QmpObject.Of(("name", name))).ToList();
    }
}
