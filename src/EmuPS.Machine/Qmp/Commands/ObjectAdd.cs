using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Makes a memory backend.</summary>
internal sealed class ObjectAdd : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "object-add";

    /// <inheritdoc/>
    public SchemaObject Arguments => MemoryBackendProperties.ObjectOptions;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        machine.Hotplug.AddBackend(MemoryBackendProperties.From(arguments.Values));
        return QmpObject.Empty;
    }
}
