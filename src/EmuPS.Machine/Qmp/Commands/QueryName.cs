namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Gives the machine's name.</summary>
internal sealed class QueryName : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-name";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        return QmpObject.Of(("name", machine.Name));
    }
}
