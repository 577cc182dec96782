using EmuPS.Machine.Qmp;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>device_del: the DIMMs, and why nothing else can be taken out.</summary>
internal static class DeviceRemoval
{
    /// <summary>Asks the guest to let go of a device.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="id">The device's id or path.</param>
    /// <exception cref="EngineException">There is none, or it is no DIMM.</exception>
    internal static void Request(IMachineControl machine, string id)
    {
        if (id.StartsWith(QomTree.Chips + "/", System.StringComparison.Ordinal))
            throw new EngineException(ErrorIds.DimmNotFound, EngineErrorCategory.InvalidOperation, ChipNames.WhyItStays(QomTree.Of(machine).Resolve(id).Type), id, "DIMMs can be unplugged.");
        machine.Hotplug.RequestRemoval(id);
    }
}
