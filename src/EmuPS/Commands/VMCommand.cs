using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>A cmdlet that acts on VMs and takes the only running one when none is named.</summary>
public abstract class VMCommand : EmuCmdlet
{
    /// <summary>The VMs: names, wildcards, ids or objects. Left out, the only VM that is not stopped.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "VMId")]
    [ArgumentCompleter(typeof(VMCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public VMIdentity[]? VM { get; set; }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
            Try(vm, () => Process(vm));
    }

    /// <summary>Acts on one VM.</summary>
    private protected abstract void Process(EmuVM vm);
}
