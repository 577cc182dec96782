using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Errors;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>The answers that one cmdlet waits for: they are awaited all at once and come out as they arrive.</summary>
internal sealed class DimmWaits(EmuCmdlet cmdlet, Deadline deadline, bool emits)
{
    private static readonly TimeSpan _onlinePoll = TimeSpan.FromMilliseconds(100);

    private readonly List<(EmuVM VM, DimmInfo Dimm, EmuDimmGoal Goal, TimeSpan Asked, int ConsolePosition)> _waits = [];

    /// <summary>Notes an answer to wait for.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="dimm">The DIMM, as it was when the request went out.</param>
    /// <param name="goal">What to wait for.</param>
    /// <param name="consolePosition">Where the console was before the request; what the guest said since then explains a refusal.</param>
    public void Add(EmuVM vm, DimmInfo dimm, EmuDimmGoal goal, int? consolePosition = null) =>
        _waits.Add((vm, dimm, goal, deadline.Elapsed, consolePosition ?? vm.Machine.Console.Length));

    /// <summary>Waits for all of them.</summary>
    public void Finish()
    {
        if (_waits.Count == 0)
            return;
        string names = _waits.Count == 1 ? $"DIMM '{_waits[0].Dimm.Name}'" : $"{_waits.Count} DIMMs";
        cmdlet.WaitFor(Task.WhenAll(_waits.Select(wait => WaitAsync(wait.VM, wait.Dimm, wait.Goal, wait.Asked, wait.ConsolePosition))), $"Waiting for the guest: {names}");

        // What the guest said before it answered is there for the next command to read.
        foreach (EmuVM vm in _waits.Select(wait => wait.VM).Distinct())
            vm.Machine.DrainConsole();
    }

    private async Task WaitAsync(EmuVM vm, DimmInfo dimm, EmuDimmGoal goal, TimeSpan asked, int consolePosition)
    {
        try
        {
            DimmGoal engineGoal = goal switch
            {
                EmuDimmGoal.Removed => DimmGoal.Removed,
                EmuDimmGoal.Settled => DimmGoal.Settled,
                _ => DimmGoal.Accepted,
            };
            DimmOutcome outcome = await vm.Machine.Hotplug.WaitForDimmAsync(
                dimm, engineGoal, deadline.Remaining ?? Timeout.InfiniteTimeSpan, cmdlet.CancelToken).ConfigureAwait(false);
            bool isOnline = goal != EmuDimmGoal.Online || outcome.Kind != DimmOutcomeKind.Accepted || await WaitOnlineAsync(vm, outcome.Dimm).ConfigureAwait(false);
            EmuDimmResult result = await DescribeAsync(vm, outcome, isOnline, deadline.Elapsed - asked, consolePosition).ConfigureAwait(false);
            cmdlet.Post(() => Report(vm, outcome, goal, isOnline, result));
        }
        catch (Exception error) when (error is not OperationCanceledException || !cmdlet.CancelToken.IsCancellationRequested)
        {
            cmdlet.Post(() => cmdlet.WriteError(EmuError.FromEngine(error, DimmSnapshots.From(vm, dimm))));
        }
    }

    private async Task<bool> WaitOnlineAsync(EmuVM vm, DimmInfo dimm)
    {
        while (true)
        {
            try
            {
                if (await GuestView.IsOnlineAsync(vm, dimm, deadline.Remaining, cmdlet.CancelToken).ConfigureAwait(false))
                    return true;
            }
            catch (TimeoutException)
            {
                // The guest was asked too late to answer in time.
                return false;
            }

            if (deadline.Remaining == TimeSpan.Zero)
                return false;
            await Task.Delay(_onlinePoll, cmdlet.CancelToken).ConfigureAwait(false);
        }
    }

    private async Task<EmuDimmResult> DescribeAsync(EmuVM vm, DimmOutcome outcome, bool isOnline, TimeSpan elapsed, int consolePosition)
    {
        bool isRefused = outcome.Kind == DimmOutcomeKind.Refused;
        return new EmuDimmResult(vm)
        {
            DimmId = outcome.Dimm.Name,
            BackendId = outcome.Dimm.BackendId,
            Outcome = outcome.Kind switch
            {
                DimmOutcomeKind.Accepted when isOnline => EmuDimmOutcome.Accepted,
                DimmOutcomeKind.Removed => EmuDimmOutcome.Removed,
                DimmOutcomeKind.Refused => EmuDimmOutcome.Refused,
                _ => EmuDimmOutcome.Pending,
            },
            OstSource = outcome.OstSource,
            OstStatus = outcome.OstStatus,
            BlocksOnline = isRefused ? await GuestView.BlocksOnlineAsync(vm, outcome.Dimm, cmdlet.CancelToken).ConfigureAwait(false) : null,
            GuestReason = isRefused ? GuestView.Reason(vm, outcome, consolePosition) : null,
            Elapsed = elapsed,
        };
    }

    private void Report(EmuVM vm, DimmOutcome outcome, EmuDimmGoal goal, bool isOnline, EmuDimmResult result)
    {
        EmuDimm target = DimmSnapshots.From(vm, outcome.Dimm);
        string name = $"'{outcome.Dimm.Name}' of '{vm.Name}'";
        if (outcome.Kind == DimmOutcomeKind.Refused)
        {
            bool isUnplug = outcome.OstSource is { } source && OstCode.IsEjection(source);
            string blocks = result.BlocksOnline is { Count: > 0 } online ? $" Its memory blocks {string.Join(", ", online)} stay online." : "";
            cmdlet.WriteError(
                isUnplug ? ErrorIds.GuestRefusedUnplug : ErrorIds.GuestRefusedPlug, ErrorCategory.ResourceBusy, target,
                $"The guest refused to {(isUnplug ? "let go of" : "take")} DIMM {name}: {result.GuestReason}.{blocks}",
                isUnplug ? "Memory onlined as movable can be freed: -OnlinePolicy Movable. Free memory in the guest and try again." : null);
        }
        else if (outcome.Kind == DimmOutcomeKind.Pending && goal == EmuDimmGoal.Removed && outcome.Dimm.State != DimmState.UnplugPending)
        {
            cmdlet.WriteError(
                ErrorIds.GuestAnswerTimeout, ErrorCategory.OperationTimeout, target,
                $"DIMM {name} is still there after {deadline.Text}: nobody has asked the guest to let it go.", "Remove-EmuDimm asks.");
        }
        else if (outcome.Kind == DimmOutcomeKind.Pending)
        {
            cmdlet.WriteError(
                ErrorIds.GuestAnswerTimeout, ErrorCategory.OperationTimeout, target,
                $"The guest has not answered for DIMM {name} within {deadline.Text}; the request stays pending.",
                vm.State == EmuVMState.Paused ? "The VM is suspended: Resume-EmuVM lets it answer." : "Wait on with Wait-EmuDimm.");
        }
        else if (!isOnline)
        {
            cmdlet.WriteError(
                ErrorIds.DimmNotOnline, ErrorCategory.OperationTimeout, target,
                $"The guest took DIMM {name} but does not use all of it after {deadline.Text}.", "Get-EmuMemory -Block shows which of its blocks are offline; Set-EmuGuestPolicy -Online decides.");
        }

        if (emits)
            cmdlet.WriteObject(result);
    }
}
