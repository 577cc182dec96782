using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the names of VMs.</summary>
public sealed class VMCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMRegistry.All.Select(vm => (vm.Name, $"VM {vm.Id}, {vm.State}"));
}
