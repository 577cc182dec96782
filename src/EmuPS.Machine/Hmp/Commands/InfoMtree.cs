using System.Collections.Generic;
using System.Linq;
using System.Text;
using EmuPS.Core.Memory;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows what lies where in the guest's address spaces.</summary>
internal sealed class InfoMtree : IHmpCommand
{
    private readonly record struct Line(ulong First, ulong Last, string Kind, string Name);

    /// <inheritdoc/>
    public string Name => "mtree";

    /// <inheritdoc/>
    public string Parameters => "[-f]";

    /// <inheritdoc/>
    public string Description => "show memory tree (-f: dump flat view for address spaces)";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.Option;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        bool flat = argument == "-f";
        List<Line> memory = Memory(machine);
        List<Line> ports = [.. machine.Ports.Select(port => new Line(port.First, (ulong)(port.First + port.Length - 1), "i/o", ChipNames.TypeOf(port.Name)))];
        return flat ? Flat(memory, ports) : Tree(machine, memory, ports);
    }

    private static string Tree(IMachineControl machine, List<Line> memory, List<Line> ports)
    {
        MemoryLayout layout = machine.Hotplug.Layout;
        StringBuilder text = new("address-space: memory\n");
        Append(text, 2, new(0, ulong.MaxValue, "i/o", "system"));
        bool regionShown = !layout.HasDeviceMemory;
        foreach (Line line in memory)
        {
            if (!regionShown && line.First >= layout.DeviceMemoryBase)
                regionShown = AppendRegion(text, layout);
            bool inside = layout.HasDeviceMemory && line.First >= layout.DeviceMemoryBase && line.First - layout.DeviceMemoryBase < layout.DeviceMemorySize;
            Append(text, inside ? 6 : 4, line.Name == MemoryHotplugManager.MainBackendId ? Alias(layout, line) : line);
        }

        if (!regionShown)
            AppendRegion(text, layout);
        text.Append("\naddress-space: I/O\n");
        Append(text, 2, new(0, 0xFFFF, "i/o", "io"));
        foreach (Line line in ports)
            Append(text, 4, line);
        text.Append("\nmemory-region: pc.ram\n");
        Append(text, 2, new(0, machine.Hotplug.Configuration.SizeBytes - 1, "ram", MemoryHotplugManager.MainBackendId));
        return text.Append('\n').ToString();
    }

    private static string Flat(List<Line> memory, List<Line> ports)
    {
        StringBuilder text = new("FlatView #0\n AS \"I/O\", root: io\n Root memory region: io\n");
        foreach (Line line in ports)
            Append(text, 2, line);
        text.Append("\nFlatView #1\n AS \"memory\", root: system\n Root memory region: system\n");
        foreach (Line line in memory)
            Append(text, 2, line);
        return text.Append('\n').ToString();
    }

    private static List<Line> Memory(IMachineControl machine)
    {
        Dictionary<ulong, string> dimms = machine.Hotplug.Dimms.ToDictionary(dimm => dimm.Address, dimm => dimm.BackendId);
        PhysicalMemoryMap map = machine.MemoryMap;
        return
        [
            .. map.Ram.Select(region => new Line(region.Range.Start, region.Range.Last, region.ReadOnly ? "rom" : "ram", region.Name ?? dimms.GetValueOrDefault(region.Range.Start, MemoryHotplugManager.MainBackendId)))
                .Concat(map.Mmio.Select(region => new Line(region.Range.Start, region.Range.Last, "i/o", ChipNames.TypeOf(region.Device.GetType().Name))))
                .OrderBy(line => line.First),
        ];
    }

    /// <summary>The initial memory appears in pieces, each an alias of a part of its backend.</summary>
    private static Line Alias(MemoryLayout layout, Line line)
    {
        bool high = line.First >= MemoryLayout.HighMemoryBase;
        ulong offset = high ? line.First - MemoryLayout.HighMemoryBase + layout.LowBytes : line.First;
        return line with { Name = $"alias ram-{(high ? "above" : "below")}-4g @pc.ram {offset:x16}-{offset + (line.Last - line.First):x16}" };
    }

    private static bool AppendRegion(StringBuilder text, MemoryLayout layout)
    {
        Append(text, 4, new(layout.DeviceMemoryBase, layout.DeviceMemoryBase + layout.DeviceMemorySize - 1, "i/o", "device-memory"));
        return true;
    }

    private static void Append(StringBuilder text, int indent, Line line) =>
        text.Append(' ', indent).Append($"{line.First:x16}-{line.Last:x16} (prio 0, {line.Kind}): {line.Name}\n");
}
