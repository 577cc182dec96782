using System.Management.Automation;
using EmuPS.Errors;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Forgets stopped VMs, with their consoles and events.</summary>
[Cmdlet(VerbsCommon.Remove, "EmuVM", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveEmuVMCommand : VMTargetCommand
{
    /// <summary>Turns off VMs that run.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process(EmuVM vm)
    {
        if (vm.IsAlive && !Force)
        {
            throw new EmuException(
                ErrorIds.VMStillRunning, $"The VM '{vm.Name}' is not stopped.", "Stop it with Stop-EmuVM, or turn it off and remove it with -Force.");
        }

        if (ShouldProcess(vm.Name, vm.IsAlive ? "Turn off and remove the VM" : "Remove the VM"))
            VMRegistry.Remove(vm);
    }
}
