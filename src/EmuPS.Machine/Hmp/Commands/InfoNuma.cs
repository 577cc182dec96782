using System.Collections.Generic;
using System.Linq;
using System.Text;
using EmuPS.Core.Addresses;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows the guest's NUMA nodes.</summary>
internal sealed class InfoNuma : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "numa";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "show NUMA information";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        IReadOnlyList<NumaNodeOptions> nodes = machine.NumaNodes;
        IReadOnlyList<DimmInfo> dimms = machine.Hotplug.Dimms;
        StringBuilder text = new($"{nodes.Count} nodes\n");
        for (int n = 0; n < nodes.Count; n++)
        {
            ulong plugged = dimms.Where(dimm => dimm.Node == n).Aggregate(0UL, (sum, dimm) => sum + dimm.SizeBytes);
            text.Append($"node {n} cpus:{string.Concat(nodes[n].Cpus.Select(cpu => $" {cpu}"))}\n");
            text.Append($"node {n} size: {((nodes[n].MemoryBytes ?? 0) + plugged) / ByteSize.MiB} MB\nnode {n} plugged: {plugged / ByteSize.MiB} MB\n");
        }

        return text.ToString();
    }
}
