namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Gives the machine's id.</summary>
internal sealed class QueryUuid : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-uuid";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        return QmpObject.Of(("UUID", machine.Id.ToString("D")));
    }
}
