using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Makes a memory backend.</summary>
internal sealed class ObjectAdd : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "object-add";

    /// <inheritdoc/>
    public SchemaObject Arguments => QmpTypes.ObjectOptions;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        machine.Hotplug.AddBackend(MemoryBackendProperties.Read(new PropertySource(arguments.Values, PropertyDialect.Json)));
        return QmpObject.Empty;
    }
}
