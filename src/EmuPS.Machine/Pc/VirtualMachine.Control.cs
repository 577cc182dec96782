using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Logging;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Pc;

/// <content>What a machine's users ask for.</content>
public sealed partial class VirtualMachine
{
    // The longest block takes microseconds; only a defect of the engine lets a vCPU not answer for so long.
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(30);

    private volatile string _heldAs = RunStates.Prelaunch;

    /// <summary>Where the machine is in its life.</summary>
    public MachineState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>How the machine ended; null while it lives.</summary>
    public MachineExit? Exit { get; private set; }

    /// <summary>The word of QMP's query-status: <c>prelaunch</c> (also after a reset while the machine is held), <c>running</c>, <c>paused</c>, <c>guest-panicked</c>, <c>shutdown</c> or <c>internal-error</c>.</summary>
    public string RunStatus => State switch
    {
        MachineState.Running => RunStates.Running,
        MachineState.Paused => _heldAs,
        MachineState.Stopped => RunStates.Shutdown,
        _ => RunStates.InternalError,
    };

    /// <summary>Starts the guest, unless the options say that it waits for <see cref="Resume"/>.</summary>
    /// <exception cref="EngineException"><see cref="ErrorIds.MachineEnded"/></exception>
    public void Start()
    {
        if (!Options.StartSuspended)
        {
            Resume();
        }
    }

    /// <summary>Holds the guest; its time stands still. Does nothing when it is held. Returns when the processor stands.</summary>
    /// <exception cref="EngineException"><see cref="ErrorIds.MachineEnded"/></exception>
    public void Pause() => Command(() => PauseNow(RunStates.Paused));

    /// <summary>Holds the guest, if it runs. All processors are at a block boundary.</summary>
    /// <param name="status">QMP's word for why.</param>
    private void PauseNow(string status)
    {
        if (State == MachineState.Running)
        {
            _hardware.PauseTime();
            _heldAs = status;
            SetState(MachineState.Paused);
            Log.Machine.Paused();
            Events.Raise("STOP");
        }
    }

    /// <summary>Lets the guest go on. Does nothing when it runs.</summary>
    /// <exception cref="EngineException"><see cref="ErrorIds.MachineEnded"/></exception>
    public void Resume() => Command(() =>
    {
        if (State == MachineState.Paused)
        {
            _hardware.ResumeTime();
            SetState(MachineState.Running);
            Log.Machine.Resumed();
            Events.Raise("RESUME");
        }
    });

    /// <summary>Resets the machine as its reset button would. DIMMs stay, a held machine stays held.</summary>
    /// <param name="reason">QEMU's word for the event.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.MachineEnded"/></exception>
    public void Reset(string reason = MachineExit.HostReset) => Command(() => ResetNow(reason, byGuest: false));

    /// <summary>Presses the power button; what the guest makes of it is the guest's affair.</summary>
    /// <exception cref="EngineException"><see cref="ErrorIds.MachineEnded"/></exception>
    public void PressPowerButton()
    {
        lock (_hardware.DeviceLock)
        {
            if (_hardware.IsDisposed)
            {
                throw Ended();
            }

            Log.Machine.PowerButtonPressed();
            Events.Raise("POWERDOWN");
            _hardware.Power.PressPowerButton();
        }
    }

    /// <summary>Ends the machine as if its cord was pulled. Does nothing when it has ended. Returns when it has, except on one of the machine's own threads.</summary>
    /// <param name="reason">QEMU's word for the event.</param>
    public void PowerOff(string reason = MachineExit.HostQuit)
    {
        RequestExit(new MachineExit(reason, ByGuest: false, ExitCode: 0));
        if (!IsOwnThread)
        {
            _threads[0].Join(s_answerLimit);
        }
    }

    /// <summary>Waits for a state; one that is there already counts.</summary>
    /// <param name="condition">Says whether a state is the awaited one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.MachineEnded"/>: the machine ended in a state that is not awaited.</exception>
    public async Task WaitForStateAsync(Func<MachineState, bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        while (true)
        {
            Task changed;
            MachineState state;
            lock (_gate)
            {
                state = _state;
                changed = _stateChanged.Task;
            }

            if (condition(state))
            {
                return;
            }

            if (state is MachineState.Stopped or MachineState.Failed)
            {
                throw Ended();
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The processors' registers and their latest blocks.</summary>
    /// <exception cref="EngineException"><see cref="ErrorIds.MachineEnded"/></exception>
    public string DescribeProcessor()
    {
        string text = string.Empty;
        Command(() => text = DescribeAll());
        return text;
    }

    /// <summary>Reads guest RAM.</summary>
    /// <param name="address">Guest physical address.</param>
    /// <param name="destination">Where the bytes go; its length is their number.</param>
    /// <returns>False when a part is not RAM.</returns>
    public bool TryReadMemory(ulong address, Span<byte> destination)
    {
        lock (_hardware.DeviceLock)
        {
            return _hardware.Memory.TryRead(address, destination);
        }
    }

    /// <summary>Ends the machine if it lives, and gives everything back.</summary>
    public void Dispose()
    {
        PowerOff();
        GC.SuppressFinalize(this);
    }

    private bool IsOwnThread => Array.IndexOf(_threads, Thread.CurrentThread) >= 0;

    /// <summary>Does something while all processors are at a block boundary, and waits for it. Not inside an access of a vCPU: that one is not at a boundary.</summary>
    private void Command(Action action)
    {
        if (IsOwnThread)
        {
            if (!_worldStopped || Thread.CurrentThread != _threads[0])
            {
                throw new InvalidOperationException("A vCPU's thread asked for a safe point in the middle of an instruction.");
            }

            action();
            return;
        }

        MachineCommand command = Post(action);
        if (Task.WaitAny([command.Done], s_answerLimit) < 0)
        {
            throw new EngineException(
                "MachineNotResponding", EngineErrorCategory.OperationTimeout, $"The processors of '{Name}' do not come to a block boundary.", Name,
                "Stop the machine and report this: it is a defect of the emulator.");
        }

        command.Done.GetAwaiter().GetResult();
    }

    private void SetState(MachineState state)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _state = state;
            changed = _stateChanged;
            _stateChanged = NewSignal();
        }

        changed.TrySetResult();
    }

    private EngineException Ended() => new(
        ErrorIds.MachineEnded, EngineErrorCategory.InvalidOperation, $"The machine '{Name}' has ended{(Exit is { } exit ? $" ({exit.Reason})" : string.Empty)}.", Name,
        "Start it again.");

    private static Dictionary<string, object?> Cause(bool byGuest, string reason) => new() { ["guest"] = byGuest, ["reason"] = reason };
}
