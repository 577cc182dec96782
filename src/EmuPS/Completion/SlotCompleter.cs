using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the numbers of DIMM slots, with what is in them.</summary>
public sealed class SlotCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMs(boundParameters).SelectMany(vm => vm.DimmSlots).DistinctBy(slot => slot.Slot).OrderBy(slot => slot.Slot)
            .Select(slot => (slot.Slot.ToString(CultureInfo.InvariantCulture), slot.IsFree ? $"slot {slot.Slot}, free" : $"slot {slot.Slot}, {slot.DimmId}"));
}
