using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>A cmdlet that interrupts or ends VMs, so that they must be named.</summary>
public abstract class VMTargetCommand : EmuCmdlet
{
    /// <summary>The VMs: names, wildcards, ids or objects.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "VMId")]
    [ArgumentCompleter(typeof(VMCompleter))]
    [SupportsWildcards]
    public VMIdentity[] VM { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
            Try(vm, () => Process(vm));
    }

    /// <summary>Acts on one VM.</summary>
    private protected abstract void Process(EmuVM vm);
}
