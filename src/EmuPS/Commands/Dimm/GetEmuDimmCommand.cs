using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Lists the DIMMs of VMs.</summary>
[Cmdlet(VerbsCommon.Get, "EmuDimm", DefaultParameterSetName = "Dimm")]
[OutputType(typeof(EmuDimm))]
public sealed class GetEmuDimmCommand : EmuCmdlet
{
    /// <summary>The ids; wildcards are taken. Left out, all DIMMs.</summary>
    [Parameter(Position = 0, ParameterSetName = "Dimm", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "OnVM")]
    [Alias("DimmId")]
    [ArgumentCompleter(typeof(DimmCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public DimmIdentity[]? Dimm { get; set; }

    /// <summary>The VMs: names, wildcards, ids or objects. Left out, all VMs.</summary>
    [Parameter(ParameterSetName = "Dimm", ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = "OnVM", ValueFromPipeline = true)]
    [Alias("VMName", "VMId")]
    [ArgumentCompleter(typeof(VMCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public VMIdentity[]? VM { get; set; }

    /// <summary>Only DIMMs in these slots.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SlotCompleter))]
    [ValidateNotNullOrEmpty]
    public int[]? Slot { get; set; }

    /// <summary>Only DIMMs in these states.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public EmuDimmState[]? State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IReadOnlyList<EmuVM> vms = ResolveVMs(VM, allByDefault: true);
        if (Dimm is null)
        {
            Emit(vms.SelectMany(vm => vm.Dimms));
            return;
        }

        foreach (DimmIdentity identity in Dimm)
            Emit(FindDimms(identity, vms));
    }

    private void Emit(IEnumerable<EmuDimm> dimms) => WriteObject(
        dimms.Where(dimm => (Slot is null || Slot.Contains(dimm.Slot)) && (State is null || State.Contains(dimm.State))), enumerateCollection: true);
}
