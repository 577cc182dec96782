namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Says that KVM is not used.</summary>
internal sealed class QueryKvm : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-kvm";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        return QmpObject.Of(("enabled", false), ("present", false));
    }
}
