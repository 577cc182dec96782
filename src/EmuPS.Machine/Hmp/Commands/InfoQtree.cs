using System.Collections.Generic;
using System.Linq;
using System.Text;
using EmuPS.Core.Memory;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows buses and the devices on them. DIMMs are on none, so they do not appear.</summary>
internal sealed class InfoQtree : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "qtree";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "show device tree";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        StringBuilder text = new("bus: main-system-bus\n  type System\n");
        foreach (MmioRegion region in machine.MemoryMap.Mmio)
        {
            text.Append($"  dev: {ChipNames.TypeOf(region.Device.GetType().Name)}, id \"\"\n");
            text.Append($"    mmio {region.Range.Start:x16}/{region.Range.Size:x16}\n");
        }

        text.Append("  dev: i440FX-pcihost, id \"\"\n    bus: pci.0\n      type PCI\n      dev: i440FX, id \"\"\n      dev: PIIX4_PM, id \"\"\n");
        text.Append("      dev: PIIX3, id \"\"\n        bus: isa.0\n          type ISA\n");
        foreach (IGrouping<string, (ushort First, int Length, string Name)> device in IsaDevices(machine))
        {
            if (device.Key == PanicDevice.TypeName && machine.Panic is { } panic)
            {
                text.Append($"          dev: {PanicDevice.TypeName}, id \"{panic.Id}\"\n            ioport = {panic.Port} (0x{panic.Port:x})\n            events = {panic.Events} (0x{panic.Events:x})\n");
                continue;
            }

            text.Append($"          dev: {device.Key}, id \"\"\n");
            foreach ((ushort first, _, _) in device)
                text.Append($"            iobase = {first} (0x{first:x})\n");
        }

        return text.ToString();
    }

    /// <summary>Two serial ports are two devices; a chip with ports in several places is one.</summary>
    private static IEnumerable<IGrouping<string, (ushort First, int Length, string Name)>> IsaDevices(IMachineControl machine)
    {
        var ports = machine.Ports.Where(port => ChipNames.TypeOf(port.Name) is not ("i440FX-pcihost" or "PIIX4_PM" or "PIIX3" or "acpi-mem-hotplug"));
        return ports.GroupBy(port => (ChipNames.TypeOf(port.Name), ChipNames.TypeOf(port.Name) == "isa-serial" ? port.First : 0))
            .SelectMany(group => group.GroupBy(port => ChipNames.TypeOf(port.Name)));
    }
}
