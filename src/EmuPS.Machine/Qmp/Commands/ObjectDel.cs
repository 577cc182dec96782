namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Deletes a memory backend.</summary>
internal sealed class ObjectDel : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "object-del";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string id = arguments.Required("id");
        arguments.End();
        machine.Hotplug.RemoveBackend(id);
        return QmpObject.Empty;
    }
}
