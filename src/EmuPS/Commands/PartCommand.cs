using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>A cmdlet about something of a VM that takes that something, not VMs, from the pipeline.</summary>
public abstract class PartCommand : EmuCmdlet
{
    private bool _vmWasTyped;

    /// <summary>The VMs: names, wildcards, ids or objects. Left out, the VM of the piped object, else the only VM that is not stopped.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "VMId")]
    [ArgumentCompleter(typeof(VMCompleter))]
    [SupportsWildcards]
    public VMIdentity[]? VM { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _vmWasTyped = VM is not null;

    /// <summary>Finds the VMs that a named part may be on: an object knows its own.</summary>
    /// <param name="identity">What was named.</param>
    /// <param name="mismatchId">The error's id when the object is of another VM than the one that was typed.</param>
    private protected IReadOnlyList<EmuVM> ResolveVMs(ChildIdentity identity, string mismatchId)
    {
        if (identity.VMId is not { } id)
            return ResolveVMs(VM);
        IReadOnlyList<EmuVM> own = ResolveVMs([new VMIdentity(id)]);
        if (!_vmWasTyped || own.Count == 0)
            return own;
        IReadOnlyList<EmuVM> typed = ResolveVMs(VM);
        if (typed.Count == 0 || typed.Contains(own[0]))
            return typed.Count == 0 ? [] : own;
        WriteError(
            mismatchId, ErrorCategory.InvalidArgument, identity.Text,
            $"'{identity}' belongs to the VM '{own[0].Name}', not to '{string.Join(", ", typed.Select(vm => vm.Name))}'.",
            "Leave out -VM: the object knows its own.");
        return [];
    }
}
