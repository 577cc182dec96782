namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Says whether the machine runs.</summary>
internal sealed class QueryStatus : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-status";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        string status = machine.RunStatus;
        return QmpObject.Of(("status", status), ("singlestep", false), ("running", status == "running"));
    }
}
