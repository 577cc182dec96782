using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Lists VMs.</summary>
[Cmdlet(VerbsCommon.Get, "EmuVM", DefaultParameterSetName = "Name")]
[OutputType(typeof(EmuVM))]
public sealed class GetEmuVMCommand : EmuCmdlet
{
    /// <summary>The names; wildcards are taken, and ids, which no name is. Left out, all VMs.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName")]
    [ArgumentCompleter(typeof(VMCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    [ArgumentCompleter(typeof(VMIdCompleter))]
    public int[]? Id { get; set; }

    /// <summary>Only VMs in these states.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public EmuVMState[]? State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(Identities(), allByDefault: true))
        {
            if (State is null || State.Contains(vm.State))
                WriteObject(vm);
        }
    }

    private VMIdentity[]? Identities() => Id is null ? Name?.Select(name => new VMIdentity(name)).ToArray() : [.. Id.Select(id => new VMIdentity(id))];
}
