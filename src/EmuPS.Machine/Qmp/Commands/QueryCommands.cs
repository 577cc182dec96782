using System.Linq;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the commands.</summary>
/// <param name="dispatcher">Knows them.</param>
internal sealed class QueryCommands(QmpDispatcher dispatcher) : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-commands";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        return dispatcher.CommandNames.Select(name => QmpObject.Of(("name", name))).ToList();
    }
}
