using System.Collections.Generic;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Plugs a DIMM.</summary>
internal sealed class DeviceAdd : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "device_add";

    /// <inheritdoc/>
    public SchemaObject Arguments => DeviceAddition.Arguments;

    /// <inheritdoc/>
    public IReadOnlyList<string> Features { get; } = ["json-cli", "json-cli-hotplug"];

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        DeviceAddition.Add(machine.Hotplug, new PropertySource(arguments.Values, PropertyDialect.Device));
        return QmpObject.Empty;
    }
}
