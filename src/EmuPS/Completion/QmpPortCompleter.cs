using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the TCP ports that VMs listen on for QMP.</summary>
public sealed class QmpPortCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMs(boundParameters).SelectMany(vm => vm.QmpServers.Where(server => server.EndPoint is not null)
            .Select(server => (server.EndPoint!.Port.ToString(CultureInfo.InvariantCulture), $"of {vm.Name}")));
}
