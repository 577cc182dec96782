using System.Collections.Generic;
using System.Threading.Tasks;
using EmuPS.Core.Memory;
using EmuPS.Devices.Acpi;
using EmuPS.Machine.MemoryBackends;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>A live DIMM. Everything here happens under the device lock.</summary>
internal sealed class PcDimm
{
    private readonly List<Waiter> _waiters = [];
    private (uint Source, uint Status)? _lastReport;
    private (uint Source, uint Status)? _insertionAnswer;
    private (uint Source, uint Status)? _removalAnswer;
    private bool _removalRequested;
    private bool _bootedWith;
    private bool _foundAtBoot;
    private bool _removed;

    private sealed record Waiter(DimmGoal Goal, TaskCompletionSource<DimmOutcome> Completion, long Started);

    internal required long Instance { get; init; }

    internal required string? Id { get; init; }

    internal required string Path { get; init; }

    internal required int Slot { get; init; }

    internal required ulong Address { get; init; }

    internal required uint Node { get; init; }

    internal required bool Hotplugged { get; init; }

    internal required MemoryBackend Backend { get; init; }

    internal required RamRegion Region { get; init; }

    /// <summary>The machine's registers, which hold the truth about events.</summary>
    internal required MemoryHotplugRegisters Registers { get; init; }

    /// <summary>The host's clock, for elapsed times.</summary>
    internal required System.TimeProvider Time { get; init; }

    /// <summary>True when the guest had not enabled the event with which the DIMM was announced, or forgot of it by a reset.</summary>
    internal required bool IsUnheard { get; set; }

    /// <summary>The same of the event with which its removal was last asked for.</summary>
    internal bool IsRemovalUnheard { get; set; }

    /// <summary>Whether a removal was asked for that the guest has not taken note of, and somebody waits for it.</summary>
    internal bool IsRemovalAwaited => Registers[Slot].RemovePending && _waiters.Exists(waiter => waiter.Goal == DimmGoal.Removed);

    /// <summary>True when the backend goes with the DIMM.</summary>
    internal bool RemoveBackend { get; set; }

    /// <summary>The sequence number of the event that said that the DIMM is gone.</summary>
    internal long RemovedAt { get; set; }

    internal ulong Size => Backend.Size;

    private DimmState State
    {
        get
        {
            if (_removed)
                return DimmState.Removed;
            MemoryHotplugSlot slot = Registers[Slot];
            if (slot.RemovePending || (_removalRequested && _removalAnswer is null))
                return DimmState.UnplugPending;
            if (_insertionAnswer is (_, uint status))
                return status == OstCode.Success ? DimmState.Accepted : DimmState.Rejected;
            return Hotplugged && !_foundAtBoot && (slot.InsertPending || !_bootedWith) ? DimmState.Pending : DimmState.Present;
        }
    }

    internal DimmInfo Describe() =>
        new(Instance, Id, Path, Slot, Address, Size, Node, Backend.Id, Hotplugged, State, _lastReport?.Source, _lastReport?.Status);

    /// <summary>Somebody asks the guest to let go.</summary>
    internal void RemovalRequested()
    {
        _removalRequested = true;
        _removalAnswer = null;
        Changed();
    }

    /// <summary>The guest took note of the insertion.</summary>
    internal void InsertionNoticed() => Changed();

    /// <summary>The guest took note of a removal request, which may be an old one made for the slot's last DIMM: events outlive what they were about.</summary>
    internal void RemovalNoticed()
    {
        if (!_removalRequested)
            RemovalRequested();
    }

    /// <summary>The guest reported on the slot while this DIMM was in it.</summary>
    internal void Reported(uint source, uint status)
    {
        _lastReport = (source, status);
        if (OstCode.IsInsertion(source) && !(status == OstCode.InsertionInProgress))
        {
            _insertionAnswer = (source, status);
        }
        else if (OstCode.IsEjection(source) && status != OstCode.Success)
        {
            // An eject of the guest's own accord is a request like any other from its first report on. Success speaks
            // of the DIMM that was in the slot before: the guest reports it after the eject, when the next may be there.
            _removalRequested = true;
            _removalAnswer = status == OstCode.EjectInProgress ? null : (source, status);
        }

        Changed();
    }

    /// <summary>The machine was reset: the guest forgot what it had taken note of and finds the DIMM when it boots.</summary>
    internal void MachineReset()
    {
        _bootedWith = true;
        IsUnheard = true;
        IsRemovalUnheard = true;
        if (!Registers[Slot].RemovePending)
            _removalRequested = false;
        Changed();
    }

    /// <summary>The guest has booted, and with it found a DIMM whose announcement it lost. The announcement stands, as in QEMU: the guest may answer it later.</summary>
    internal void GuestBooted()
    {
        _foundAtBoot |= IsUnheard && Registers[Slot].InsertPending;
        Changed();
    }

    /// <summary>The DIMM is gone.</summary>
    internal void Removed()
    {
        _removed = true;
        Changed();
    }

    /// <summary>The machine is gone.</summary>
    internal void Abandon()
    {
        foreach (Waiter waiter in _waiters)
            waiter.Completion.TrySetException(new EngineException(ErrorIds.MachineEnded, EngineErrorCategory.InvalidOperation, "The machine ended before the guest answered.", Id ?? Path));
        _waiters.Clear();
    }

    /// <summary>Hands out a task that completes when the goal is reached or refused; the present counts.</summary>
    internal Task<DimmOutcome> WaitFor(DimmGoal goal)
    {
        Waiter waiter = new(goal, new TaskCompletionSource<DimmOutcome>(TaskCreationOptions.RunContinuationsAsynchronously), Time.GetTimestamp());
        if (!TryComplete(waiter))
            _waiters.Add(waiter);
        return waiter.Completion.Task;
    }

    /// <summary>Forgets a waiter that gave up, and says how things stand.</summary>
    internal DimmOutcome StopWaiting(Task<DimmOutcome> task, System.TimeSpan elapsed)
    {
        _waiters.RemoveAll(waiter => ReferenceEquals(waiter.Completion.Task, task));
        return new DimmOutcome(DimmOutcomeKind.Pending, Describe(), _lastReport?.Source, _lastReport?.Status, elapsed);
    }

    private void Changed() => _waiters.RemoveAll(TryComplete);

    private bool TryComplete(Waiter waiter)
    {
        DimmState state = State;
        (DimmOutcomeKind Kind, (uint Source, uint Status)? Report)? end = (waiter.Goal, state) switch
        {
            (_, DimmState.Removed) => (DimmOutcomeKind.Removed, _lastReport),
            (DimmGoal.Removed, _) => _removalRequested && _removalAnswer is not null && state != DimmState.UnplugPending ? (DimmOutcomeKind.Refused, _removalAnswer) : null,
            (DimmGoal.Accepted, _) when _insertionAnswer is (_, uint status) => (status == OstCode.Success ? DimmOutcomeKind.Accepted : DimmOutcomeKind.Refused, _insertionAnswer),
            (_, DimmState.Pending or DimmState.UnplugPending) => null,
            (DimmGoal.Settled, _) when _removalRequested && _removalAnswer is not null => (DimmOutcomeKind.Refused, _removalAnswer),
            (_, DimmState.Rejected) => (DimmOutcomeKind.Refused, _insertionAnswer),
            _ => (DimmOutcomeKind.Accepted, _insertionAnswer),
        };
        if (end is null)
            return false;
        waiter.Completion.TrySetResult(new DimmOutcome(end.Value.Kind, Describe(), end.Value.Report?.Source, end.Value.Report?.Status, Time.GetElapsedTime(waiter.Started)));
        return true;
    }
}
