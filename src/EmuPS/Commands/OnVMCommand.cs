using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Identity;

namespace EmuPS.Commands;

/// <summary>A cmdlet about something of a VM that takes VMs from the pipeline.</summary>
public abstract class OnVMCommand : EmuCmdlet
{
    /// <summary>The VMs: names, wildcards, ids or objects. Left out, a <c>Get-</c> cmdlet takes all, the others the only VM that is not stopped.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "VMId")]
    [ArgumentCompleter(typeof(VMCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public VMIdentity[]? VM { get; set; }
}
