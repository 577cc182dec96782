using System.Management.Automation;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Lets suspended VMs go on.</summary>
[Cmdlet(VerbsLifecycle.Resume, "EmuVM", SupportsShouldProcess = true)]
[OutputType(typeof(EmuVM))]
public sealed class ResumeEmuVMCommand : VMCommand
{
    /// <summary>Emits the VMs.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(EmuVM vm)
    {
        vm.RequireAlive();
        if (!ShouldProcess(vm.Name, "Resume the VM"))
            return;
        vm.Machine.Resume();
        if (PassThru)
            WriteObject(vm);
    }
}
