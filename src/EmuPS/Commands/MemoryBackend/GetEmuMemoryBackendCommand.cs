using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Lists the memory backends of VMs.</summary>
[Cmdlet(VerbsCommon.Get, "EmuMemoryBackend", DefaultParameterSetName = "Backend")]
[OutputType(typeof(EmuMemoryBackend))]
public sealed class GetEmuMemoryBackendCommand : EmuCmdlet
{
    /// <summary>The ids, wildcards, or DIMMs whose backends are meant. Left out, all but the main memory's.</summary>
    [Parameter(Position = 0, ParameterSetName = "Backend", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "OnVM")]
    [Alias("BackendId")]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public BackendIdentity[]? Backend { get; set; }

    /// <summary>The VMs: names, wildcards, ids or objects. Left out, all VMs.</summary>
    [Parameter(ParameterSetName = "Backend", ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = "OnVM", ValueFromPipeline = true)]
    [Alias("VMName", "VMId")]
    [ArgumentCompleter(typeof(VMCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public VMIdentity[]? VM { get; set; }

    /// <summary>Only backends that no DIMM uses.</summary>
    [Parameter]
    public SwitchParameter Unused { get; set; }

    /// <summary>Lists the backend of the memory that the VM started with, too.</summary>
    [Parameter]
    public SwitchParameter IncludeMain { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IReadOnlyList<EmuVM> vms = ResolveVMs(VM, allByDefault: true);
        if (Backend is null)
        {
            Emit(vms.SelectMany(vm => vm.Backends).Where(backend => IncludeMain || !backend.IsMain));
            return;
        }

        foreach (BackendIdentity identity in Backend)
        {
            Emit(FindParts(
                identity, vms, vm => vm.Backends.Where(backend => identity.Matches(backend.BackendId) && (IncludeMain || identity.Pattern is null || !backend.IsMain)),
                (ErrorIds.BackendNotFound, $"object '{identity}' not found", "Get-EmuMemoryBackend", ErrorIds.BackendOfAnotherVM)));
        }
    }

    private void Emit(IEnumerable<EmuMemoryBackend> backends) =>
        WriteObject(backends.Where(backend => !Unused || backend.InUseBy is null), enumerateCollection: true);
}
