using System.Collections.Generic;
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
    [ValidateNotNullOrEmpty]
    public VMIdentity[]? VM { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _vmWasTyped = VM is not null;

    /// <summary>Finds the VMs that a named part may be on: an object knows its own.</summary>
    /// <param name="identity">What was named.</param>
    /// <param name="mismatchId">The error's id when the object is of another VM than the one that was typed.</param>
    private protected IReadOnlyList<EmuVM> ResolveVMs(ChildIdentity identity, string mismatchId) =>
        ResolveVMs(identity, VM, _vmWasTyped, mismatchId);
}
