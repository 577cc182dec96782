using System.Collections;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.Qmp;

namespace EmuPS.Completion;

/// <summary>Completes the names of QMP commands.</summary>
public sealed class QmpCommandCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMs(boundParameters).Take(1).SelectMany(vm => new QmpDispatcher(vm.Machine).CommandNames).Where(name => name != "qmp_capabilities")
            .Select(name => (name, "QMP command"));
}
