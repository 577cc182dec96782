using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the numbers of free DIMM slots.</summary>
public sealed class FreeSlotCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMs(boundParameters).SelectMany(vm => vm.DimmSlots).Where(slot => slot.IsFree).DistinctBy(slot => slot.Slot)
            .Select(slot => (slot.Slot.ToString(CultureInfo.InvariantCulture), $"slot {slot.Slot}, free"));
}
