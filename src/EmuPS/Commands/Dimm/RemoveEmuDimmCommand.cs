using System.Linq;
using System.Management.Automation;
using EmuPS.Identity;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Asks the guest to let DIMMs go; with <c>-Wait</c> says what it answered.</summary>
[Cmdlet(VerbsCommon.Remove, "EmuDimm", SupportsShouldProcess = true)]
[OutputType(typeof(EmuDimm))]
[OutputType(typeof(EmuDimmResult))]
public sealed class RemoveEmuDimmCommand : DimmTargetCommand
{
    /// <summary>Deletes the memory backend too, when the guest has let go.</summary>
    [Parameter]
    public SwitchParameter WithBackend { get; set; }

    /// <summary>Waits until the guest has let go or refused.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    private protected override void Process(EmuVM vm, DimmIdentity identity)
    {
        MemoryHotplugManager hotplug = vm.Machine.Hotplug;
        DimmInfo[] found = [.. hotplug.Dimms.Where(dimm => identity.Matches(dimm.Name))];
        // What is not there the engine reports, in QEMU's words; for an empty id those speak of something else.
        if (identity.Text.Length == 0)
            FindDimms(identity, [vm]);
        else if (found.Length == 0 && identity.Pattern is null)
            hotplug.RequestRemoval(identity.Text);
        foreach (DimmInfo dimm in found)
        {
            if (!ShouldProcess(vm.Name, $"Ask the guest to let go of DIMM '{dimm.Name}' in slot {dimm.Slot}"))
                continue;
            int console = vm.Machine.Console.Length;
            DimmInfo asked = hotplug.RequestRemoval(dimm.Name, WithBackend);
            if (Wait)
                Waits.Add(vm, asked, EmuDimmGoal.Removed, console);
            else if (PassThru)
                WriteObject(DimmSnapshots.From(vm, asked));
        }
    }
}
