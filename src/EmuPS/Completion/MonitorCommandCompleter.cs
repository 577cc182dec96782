using System.Collections;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.Hmp;

namespace EmuPS.Completion;

/// <summary>Completes the commands of the human monitor, <c>info</c>'s included.</summary>
public sealed class MonitorCommandCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMs(boundParameters).Take(1).SelectMany(vm => new HmpMonitor(vm.Machine).CommandNames).Select(name => (name, "monitor command"));
}
