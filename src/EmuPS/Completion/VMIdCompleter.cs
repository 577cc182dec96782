using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the ids of VMs, with their names.</summary>
public sealed class VMIdCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMRegistry.All.Select(vm => (vm.Id.ToString(CultureInfo.InvariantCulture), $"{vm.Name}, {vm.State}"));
}
