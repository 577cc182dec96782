namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Names the emulated architecture.</summary>
internal sealed class QueryTarget : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-target";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        return QmpObject.Of(("arch", "x86_64"));
    }
}
