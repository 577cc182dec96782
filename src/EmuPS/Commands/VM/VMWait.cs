using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Errors;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Waiting for a VM to get somewhere.</summary>
internal static class VMWait
{
    /// <summary>Waits for the goal, or for the VM's end when that makes it unreachable.</summary>
    /// <exception cref="EmuException">The VM ended.</exception>
    public static async Task ForAsync(EmuVM vm, EmuVMGoal goal, CancellationToken cancellationToken)
    {
        switch (goal)
        {
            case EmuVMGoal.GuestReady:
                await vm.WaitGuestReadyAsync(cancellationToken).ConfigureAwait(false);
                break;
            case EmuVMGoal.Stopped:
                await vm.WaitForEndAsync(cancellationToken).ConfigureAwait(false);
                break;
            default:
                EmuVMState wanted = goal == EmuVMGoal.Running ? EmuVMState.Running : EmuVMState.Paused;
                await vm.WaitForStateAsync(state => state == wanted || EmuVM.IsEnd(state), cancellationToken).ConfigureAwait(false);
                if (!vm.IsAlive)
                    throw Ended(vm);
                break;
        }
    }

    /// <summary>The error for a VM that ended while something else was awaited.</summary>
    public static EmuException Ended(EmuVM vm) => new(
        ErrorIds.VMEnded, $"The VM '{vm.Name}' ended: {vm.ExitReason}.", "Get-EmuConsole shows what the guest said.");

    /// <summary>The error for a goal that was not reached in time.</summary>
    public static EmuException TimedOut(EmuVM vm, EmuVMGoal goal, Deadline deadline)
    {
        string what = goal switch
        {
            EmuVMGoal.GuestReady => "the guest was not ready",
            EmuVMGoal.Running => "it did not run",
            EmuVMGoal.Paused => "it was not suspended",
            _ => "it did not stop",
        };
        return new EmuException(
            ErrorIds.VMWaitTimeout, $"'{vm.Name}': {what} within {deadline.Text}.",
            goal == EmuVMGoal.GuestReady ? "Get-EmuConsole shows how far it is; wait longer with -Timeout." : "Wait longer with -Timeout.",
            category: ErrorCategory.OperationTimeout);
    }
}
