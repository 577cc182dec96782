using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the ids of memory backends.</summary>
public sealed class BackendCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMs(boundParameters).SelectMany(vm => vm.Backends).Where(backend => !backend.IsMain)
            .Select(backend => (backend.BackendId, $"{backend.VMName}: {backend.SizeBytes >> 20} MiB, {(backend.InUseBy is { } user ? "used by " + user : "unused")}"));
}
