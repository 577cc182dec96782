using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the ids of DIMMs.</summary>
public sealed class DimmCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMs(boundParameters).SelectMany(vm => vm.Dimms).Select(dimm => (dimm.DimmId, $"{dimm.VMName}: slot {dimm.Slot}, {dimm.SizeBytes >> 20} MiB, {dimm.State}"));
}
