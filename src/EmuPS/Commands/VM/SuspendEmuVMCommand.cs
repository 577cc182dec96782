using System.Management.Automation;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Makes VMs stand still until they are resumed.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "EmuVM", SupportsShouldProcess = true)]
[OutputType(typeof(EmuVM))]
public sealed class SuspendEmuVMCommand : VMTargetCommand
{
    /// <summary>Emits the VMs.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(EmuVM vm)
    {
        vm.RequireAlive();
        if (!ShouldProcess(vm.Name, "Suspend the VM"))
            return;
        vm.Machine.Pause();
        if (PassThru)
            WriteObject(vm);
    }
}
