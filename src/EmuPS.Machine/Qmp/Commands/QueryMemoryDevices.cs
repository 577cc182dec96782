using System.Linq;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the DIMMs by ascending address.</summary>
internal sealed class QueryMemoryDevices : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-memory-devices";

    /// <inheritdoc/>
    public SchemaType Result { get; } = QmpTypes.MemoryDevice.List;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        return machine.Hotplug.Dimms.Select(dimm => dimm.ToQmp()).ToList();
    }
}
