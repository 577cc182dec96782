using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Waits until VMs have got somewhere.</summary>
[Cmdlet(VerbsLifecycle.Wait, "EmuVM")]
[OutputType(typeof(EmuVM))]
public sealed class WaitEmuVMCommand : VMCommand
{
    private readonly List<EmuVM> _awaited = [];
    private Deadline _deadline = new(-1);

    /// <summary>What to wait for.</summary>
    [Parameter]
    public EmuVMGoal For { get; set; } = EmuVMGoal.GuestReady;

    /// <summary>How long to wait for all of them together, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateTimeout]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <summary>Emits the VMs.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _deadline = new Deadline(Timeout);

    private protected override void Process(EmuVM vm)
    {
        if (!_awaited.Contains(vm))
            _awaited.Add(vm);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        using CancellationTokenSource limit = _deadline.Link(CancelToken);
        var waits = _awaited.Select(vm => (VM: vm, Task: VMWait.ForAsync(vm, For, limit.Token))).ToList();
        foreach ((EmuVM vm, System.Threading.Tasks.Task task) in waits)
        {
            bool reached = Try(vm, () =>
            {
                try
                {
                    WaitFor(task, $"Waiting for '{vm.Name}'");
                }
                catch (OperationCanceledException)
                {
                    throw VMWait.TimedOut(vm, For, _deadline);
                }
            });
            if (reached && PassThru)
                WriteObject(vm);
        }
    }
}
