using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the numbers of the guest's NUMA nodes.</summary>
public sealed class NodeCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Enumerable.Range(0, VMs(boundParameters).Select(vm => Math.Max(1, vm.Machine.Hotplug.NumaNodes.Count)).DefaultIfEmpty(0).Max())
            .Select(node => (node.ToString(CultureInfo.InvariantCulture), $"NUMA node {node} of the guest"));
}
