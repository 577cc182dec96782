using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Resets VMs; their DIMMs stay where they are.</summary>
[Cmdlet(VerbsLifecycle.Restart, "EmuVM", SupportsShouldProcess = true)]
[OutputType(typeof(EmuVM))]
public sealed class RestartEmuVMCommand : VMTargetCommand
{
    private readonly List<EmuVM> _restarted = [];

    /// <summary>Waits until the guests are ready again.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long to wait, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateTimeout]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <summary>Emits the VMs.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(EmuVM vm)
    {
        vm.RequireAlive();
        if (!ShouldProcess(vm.Name, "Reset the VM"))
            return;
        vm.Reset();
        _restarted.Add(vm);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var deadline = new Deadline(Timeout);
        foreach (EmuVM vm in _restarted)
        {
            if (Wait && !WaitForGuest(vm, deadline))
                continue;
            if (PassThru)
                WriteObject(vm);
        }
    }

    private bool WaitForGuest(EmuVM vm, Deadline deadline) => Try(vm, () =>
    {
        using CancellationTokenSource limit = deadline.Link(CancelToken);
        try
        {
            WaitFor(vm.WaitGuestReadyAsync(limit.Token), $"Waiting for the guest of '{vm.Name}'");
        }
        catch (OperationCanceledException)
        {
            throw VMWait.TimedOut(vm, EmuVMGoal.GuestReady, deadline);
        }
    });
}
