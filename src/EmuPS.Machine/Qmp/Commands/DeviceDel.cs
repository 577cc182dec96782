namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Asks the guest to let go of a DIMM.</summary>
internal sealed class DeviceDel : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "device_del";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string id = arguments.Required("id");
        arguments.End();
        machine.Hotplug.RequestRemoval(id);
        return QmpObject.Empty;
    }
}
