using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Waits until the guest has answered for DIMMs, uses them, or has let them go.</summary>
[Cmdlet(VerbsLifecycle.Wait, "EmuDimm")]
[OutputType(typeof(EmuDimmResult))]
public sealed class WaitEmuDimmCommand : PartCommand
{
    private DimmWaits? _waits;

    /// <summary>The DIMMs: ids, wildcards or objects.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("DimmId")]
    [ArgumentCompleter(typeof(DimmCompleter))]
    [SupportsWildcards]
    public DimmIdentity[] Dimm { get; set; } = [];

    /// <summary>What to wait for.</summary>
    [Parameter]
    public EmuDimmGoal For { get; set; } = EmuDimmGoal.Settled;

    /// <summary>How long to wait for all of them together, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(-1, Deadline.LongestSeconds)]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <summary>Emits what became of each.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _waits = new DimmWaits(this, new Deadline(Timeout), PassThru);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (DimmIdentity identity in Dimm)
        {
            foreach (EmuVM vm in ResolveVMs(identity, ErrorIds.DimmOfAnotherVM))
                Try(identity.Text, () => Add(vm, identity));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _waits!.Finish();

    private void Add(EmuVM vm, DimmIdentity identity)
    {
        vm.RequireAlive();
        if (For == EmuDimmGoal.Online && vm.Machine.SimulatedGuest is null)
            vm.RequireAgent();
        DimmInfo[] found = [.. vm.Machine.Hotplug.Dimms.Where(dimm => identity.Matches(dimm.Name))];
        foreach (DimmInfo dimm in found)
            _waits!.Add(vm, dimm, For);
        if (found.Length > 0 || identity.Pattern is not null)
            return;
        if (For != EmuDimmGoal.Removed)
        {
            WriteError(ErrorIds.DimmNotFound, ErrorCategory.ObjectNotFound, identity.Text, $"Device '{identity}' not found", "Get-EmuDimm lists what is there.");
        }
        else if (PassThru)
        {
            // Gone already, which is what was wanted.
            WriteObject(new EmuDimmResult(vm) { DimmId = identity.Text, Outcome = EmuDimmOutcome.Removed });
        }
    }
}
