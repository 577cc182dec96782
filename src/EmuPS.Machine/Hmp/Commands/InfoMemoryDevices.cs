using System.Text;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows the DIMMs.</summary>
internal sealed class InfoMemoryDevices : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "memory-devices";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "show memory devices";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        StringBuilder text = new();
        foreach (DimmInfo dimm in machine.Hotplug.Dimms)
        {
            text.Append($"Memory device [dimm]: \"{dimm.Id}\"\n");
            text.Append($"  addr: 0x{dimm.Address:x}\n  slot: {dimm.Slot}\n  node: {dimm.Node}\n  size: {dimm.SizeBytes}\n");
            text.Append($"  memdev: /objects/{dimm.BackendId}\n");
            text.Append($"  hotplugged: {(dimm.Hotplugged ? "true" : "false")}\n  hotpluggable: true\n");
        }

        return text.ToString();
    }
}
