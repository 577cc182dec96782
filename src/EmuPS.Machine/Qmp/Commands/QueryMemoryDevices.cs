using System.Linq;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the DIMMs by ascending address.</summary>
internal sealed class QueryMemoryDevices : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-memory-devices";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        return machine.Hotplug.Dimms.Select(dimm => dimm.ToQmp()).ToList();
    }
}
