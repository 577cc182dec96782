using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the ids of memory backends that no DIMM uses: those that can go under a DIMM, or go away.</summary>
public sealed class UnusedBackendCompleter : EmuCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        VMs(boundParameters).SelectMany(vm => vm.Backends).Where(backend => !backend.IsMain && backend.InUseBy is null)
            .Select(backend => (backend.BackendId, $"{backend.VMName}: {backend.SizeBytes >> 20} MiB"));
}
