using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Errors;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Presses the power button of VMs and waits until the guests have shut down, or cuts their power.</summary>
[Cmdlet(VerbsLifecycle.Stop, "EmuVM", SupportsShouldProcess = true)]
[OutputType(typeof(EmuVM))]
public sealed class StopEmuVMCommand : VMTargetCommand
{
    private readonly List<EmuVM> _asked = [];
    private readonly List<Task> _ends = [];
    private Deadline? _deadline;
    private CancellationTokenSource? _limit;

    /// <summary>Cuts the power; the guest is not asked.</summary>
    [Parameter]
    public SwitchParameter TurnOff { get; set; }

    /// <summary>How long to wait for the guests, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateTimeout]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <summary>Emits the VMs.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(EmuVM vm)
    {
        if (!vm.IsAlive)
        {
            WriteVerbose($"The VM '{vm.Name}' is stopped already.");
            if (PassThru)
                WriteObject(vm);
            return;
        }

        if (!ShouldProcess(vm.Name, TurnOff ? "Turn off the VM" : "Press the power button"))
            return;
        _deadline ??= new Deadline(Timeout);
        _limit ??= _deadline.Link(CancelToken);
        if (TurnOff)
        {
            vm.Machine.PowerOff();
            _ends.Add(vm.WaitForEndAsync(_limit.Token));
        }
        else
        {
            // A guest that stands still cannot hear the button.
            if (vm.State == EmuVMState.Paused)
                vm.Machine.Resume();
            _ends.Add(vm.ShutDownAsync(_limit.Token));
        }

        _asked.Add(vm);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            WaitFor(Task.WhenAll(_ends), "Waiting for the guest to shut down");
        }
        catch (TaskCanceledException)
        {
            // Each VM that is still there is reported below.
        }

        foreach (EmuVM vm in _asked)
        {
            if (vm.IsAlive)
            {
                WriteError(
                    ErrorIds.VMWaitTimeout, ErrorCategory.OperationTimeout, vm,
                    $"The guest of '{vm.Name}' did not shut down within {_deadline?.Text} after the power button was pressed.",
                    "Wait longer with -Timeout, or cut the power with -TurnOff.");
            }
            else if (PassThru)
            {
                WriteObject(vm);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _limit?.Dispose();
        base.Dispose(disposing);
    }
}
