using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the paths of the sockets that VMs listen on for QMP.</summary>
public sealed class QmpSocketCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMs(boundParameters).SelectMany(vm => vm.QmpServers.Where(server => server.Path is not null).Select(server => (server.Path!, $"of {vm.Name}")));
}
