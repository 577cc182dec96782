using System.Linq;
using System.Management.Automation;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Waits until the guest has answered for DIMMs, uses them, or has let them go.</summary>
[Cmdlet(VerbsLifecycle.Wait, "EmuDimm")]
[OutputType(typeof(EmuDimmResult))]
public sealed class WaitEmuDimmCommand : DimmTargetCommand
{
    /// <summary>What to wait for.</summary>
    [Parameter]
    public EmuDimmGoal For { get; set; } = EmuDimmGoal.Settled;

    private protected override void Process(EmuVM vm, DimmIdentity identity)
    {
        if (For == EmuDimmGoal.Online && vm.Machine.SimulatedGuest is null)
            vm.RequireAgent();
        DimmInfo[] found = [.. vm.Machine.Hotplug.Dimms.Where(dimm => identity.Matches(dimm.Name))];
        foreach (DimmInfo dimm in found)
            Waits.Add(vm, dimm, For);
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
