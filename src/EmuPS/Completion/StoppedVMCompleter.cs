using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the names of VMs that can be started again.</summary>
public sealed class StoppedVMCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMRegistry.All.Where(vm => !vm.IsAlive).Select(vm => (vm.Name, $"VM {vm.Id}, {vm.State}"));
}
