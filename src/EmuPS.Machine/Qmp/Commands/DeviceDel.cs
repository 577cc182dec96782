using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Asks the guest to let go of a DIMM.</summary>
internal sealed class DeviceDel : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "device_del";

    /// <inheritdoc/>
    public SchemaObject Arguments { get; } = new(new SchemaMember("id", SchemaType.Text));

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string id = arguments.Required("id");
        DeviceRemoval.Request(machine, id);
        return QmpObject.Empty;
    }
}
