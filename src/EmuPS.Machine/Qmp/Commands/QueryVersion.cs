namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Gives the version.</summary>
internal sealed class QueryVersion : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-version";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        return QemuVersion.Describe();
    }
}
