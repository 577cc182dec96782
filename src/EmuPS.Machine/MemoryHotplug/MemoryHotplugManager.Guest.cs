using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Devices.Acpi;
using EmuPS.Machine.Events;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryBackends;

namespace EmuPS.Machine.MemoryHotplug;

/// <content>The guest's side: what it reports and ejects, and waiting for it.</content>
public sealed partial class MemoryHotplugManager
{
    private bool _guestBooted;

    // Linux reports within a millisecond or two; a guest that reports nothing delays a wait by no more than this.
    private static readonly TimeSpan s_reportLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for a DIMM until the goal is reached or refused, or the time is over. The guest's request is not affected.</summary>
    /// <param name="dimm">The DIMM, as a method of this manager returned it. One that is gone by now counts as removed.</param>
    /// <param name="goal">What to wait for.</param>
    /// <param name="timeout">At most this long; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How it ended; <see cref="DimmOutcomeKind.Pending"/> when the time is over.</returns>
    /// <exception cref="EngineException"><see cref="ErrorIds.MachineEnded"/>.</exception>
    public Task<DimmOutcome> WaitForDimmAsync(DimmInfo dimm, DimmGoal goal, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        lock (_host.DeviceLock)
        {
            PcDimm? live = _table.Count > dimm.Slot ? _table[dimm.Slot] : null;
            return live?.Instance == dimm.Instance ? WaitAsync(live, goal, timeout, cancellationToken) : Task.FromResult(AlreadyRemoved(dimm));
        }
    }

    /// <summary>Waits for a DIMM by name; one that was removed satisfies every goal at once.</summary>
    /// <param name="idOrPath">The id, or the path of a device without one.</param>
    /// <param name="goal">What to wait for.</param>
    /// <param name="timeout">At most this long; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.DimmNotFound"/>: there never was such a DIMM. <see cref="ErrorIds.MachineEnded"/>.</exception>
    public Task<DimmOutcome> WaitForDimmAsync(string idOrPath, DimmGoal goal, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        lock (_host.DeviceLock)
        {
            try
            {
                return WaitAsync(FindDimm(idOrPath), goal, timeout, cancellationToken);
            }
            catch (EngineException) when (_removedById.TryGetValue(idOrPath, out DimmInfo? removed))
            {
                return Task.FromResult(AlreadyRemoved(removed));
            }
        }
    }

    private DimmOutcome AlreadyRemoved(DimmInfo dimm)
    {
        // What the guest said last, not what it had said when the caller looked.
        DimmInfo last = _removedById.TryGetValue(dimm.Name, out DimmInfo? removed) && removed.Instance == dimm.Instance ? removed : dimm with { State = DimmState.Removed };
        return new(DimmOutcomeKind.Removed, last, last.OstSource, last.OstStatus, TimeSpan.Zero);
    }

    /// <summary>The guest says that it has booted. A DIMM that was plugged before it listened was found by it then; a removal that was asked for before, and that somebody waits for, is announced again.</summary>
    /// <remarks>
    /// Kernels clear the event when they begin to listen, and a slot's flags stay, as in QEMU: they are looked at when the event is raised for
    /// whatever else. That is too late for who waits.
    /// </remarks>
    public void OnGuestBooted()
    {
        lock (_host.DeviceLock)
        {
            if (_disposed)
                return;
            _guestBooted = true;
            if (_host.IsMemoryGpeRaised)
                return;
            foreach (PcDimm dimm in _table.Dimms)
                dimm.GuestBooted();
            if (_table.Dimms.Any(dimm => dimm.IsRemovalAwaited))
                AnnounceAgain();
        }
    }

    private void AnnounceAgain()
    {
        foreach (PcDimm dimm in _table.Dimms)
            dimm.IsRemovalUnheard = false;
        _host.RaiseMemoryGpe();
    }

    private async Task<DimmOutcome> WaitAsync(PcDimm dimm, DimmGoal goal, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task<DimmOutcome> answer = dimm.WaitFor(goal);
        if (_guestBooted && dimm.IsRemovalUnheard && dimm.IsRemovalAwaited && !_host.IsMemoryGpeRaised)
            AnnounceAgain();
        long started = _time.GetTimestamp();
        try
        {
            DimmOutcome outcome = await answer.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(false);
            if (outcome.Kind == DimmOutcomeKind.Removed)
                await WaitForEjectReportAsync(dimm, cancellationToken).ConfigureAwait(false);
            return outcome;
        }
        catch (TimeoutException)
        {
            lock (_host.DeviceLock)
            {
                DimmOutcome pending = dimm.StopWaiting(answer, _time.GetElapsedTime(started));
                return answer.IsCompletedSuccessfully ? answer.Result : pending;
            }
        }
        catch (OperationCanceledException)
        {
            lock (_host.DeviceLock)
                dimm.StopWaiting(answer, default);
            throw;
        }
    }

    /// <summary>
    /// Waits until the guest has reported the eject. Linux looks at the slot once more before it does; a DIMM that is plugged into it
    /// until then is taken for the old one ("Eject incomplete") and never used.
    /// </summary>
    private async Task WaitForEjectReportAsync(PcDimm dimm, CancellationToken cancellationToken)
    {
        string slot = dimm.Slot.ToString(CultureInfo.InvariantCulture);
        try
        {
            await _events.WaitAsync(IsReport, dimm.RemovedAt, cancellationToken).WaitAsync(s_reportLimit, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or EngineException)
        {
            // The DIMM is gone all the same.
        }

        bool IsReport(MachineEvent happened) =>
            happened.Name == "ACPI_DEVICE_OST"
            && happened.Data["info"] is IReadOnlyDictionary<string, object?> info
            && slot.Equals(info["slot"])
            && OstCode.IsEjection((uint)(long)info["source"]!);
    }

    private void Report(int slot, uint source, uint status)
    {
        PcDimm? dimm = _table[slot];
        _log.Hotplug.Ost(slot, dimm?.Id ?? dimm?.Path ?? string.Empty, source, status);
        OrderedDictionary<string, object?> info = [];
        if (dimm?.Id is string id)
            info["device"] = id;
        info["source"] = (long)source;
        info["status"] = (long)status;
        info["slot"] = slot.ToString(CultureInfo.InvariantCulture);
        info["slot-type"] = "DIMM";
        _events.Raise("ACPI_DEVICE_OST", new OrderedDictionary<string, object?> { ["info"] = info });
        dimm?.Reported(source, status);

        // Of a slot with both events a scan handles the insertion only.
        if (OstCode.IsInsertion(source) && dimm is { IsRemovalAwaited: true })
            AnnounceAgain();
    }

    private void Eject(int slot)
    {
        PcDimm dimm = _table[slot]!;
        try
        {
            _host.AtNextSafePoint(() =>
            {
                lock (_host.DeviceLock)
                {
                    // Two processors may have ejected the same DIMM before either was stopped.
                    if (!_disposed && ReferenceEquals(_table[slot], dimm))
                        TakeOut(slot, dimm);
                }
            });
        }
        catch (Exception e)
        {
            _log.Hotplug.NotEjected(dimm.Id ?? dimm.Path, slot, e.Message);
            _events.Raise("MEM_UNPLUG_ERROR", new OrderedDictionary<string, object?> { ["device"] = dimm.Id ?? string.Empty, ["msg"] = e.Message });
            _events.Raise("DEVICE_UNPLUG_GUEST_ERROR", NameOf(dimm));
        }
    }

    private void TakeOut(int slot, PcDimm dimm)
    {
        _host.Memory.Replace(_host.Memory.Map.Without(dimm.Region));
        _log.Hotplug.Ejected(dimm.Id ?? dimm.Path, slot);
        Registers!.Unplug(slot);
        _table.Clear(slot);
        dimm.Region.Dispose();
        MemoryBackend backend = dimm.Backend;
        backend.UsedBy = null;
        if (dimm.RemoveBackend)
        {
            // Giving a large mapping back takes long, and this is the guest's own thread.
            _backends.Remove(backend.Id);
            _log.Hotplug.BackendDeleted(backend.Id);
            _ = Task.Run(backend.Dispose);
        }

        _events.Raise("DEVICE_DELETED", NameOf(dimm));
        dimm.RemovedAt = _events.LastSequence;
        dimm.Removed();
        Remember(dimm);
    }

    private void Remember(PcDimm dimm)
    {
        string name = dimm.Id ?? dimm.Path;
        if (!_removedById.ContainsKey(name))
            _removalOrder.Enqueue(name);
        _removedById[name] = dimm.Describe();
        if (_removalOrder.Count > RememberedRemovals)
            _removedById.Remove(_removalOrder.Dequeue());
    }

    private static OrderedDictionary<string, object?> NameOf(PcDimm dimm)
    {
        OrderedDictionary<string, object?> data = [];
        if (dimm.Id is not null)
            data["device"] = dimm.Id;
        data["path"] = dimm.Path;
        return data;
    }

    /// <summary>Gives meaning to what the registers report, without showing it to the manager's users.</summary>
    private sealed class GuestActions(MemoryHotplugManager manager) : IMemoryHotplugObserver
    {
        public void InsertEventCleared(int slot)
        {
            manager._log.Hotplug.InsertionNoticed(slot);
            manager._table[slot]?.InsertionNoticed();
        }

        public void RemoveEventCleared(int slot)
        {
            manager._log.Hotplug.RemovalNoticed(slot);
            manager._table[slot]?.RemovalNoticed();
        }

        public void RegisterRead(ulong offset, int size, ulong value) => manager._log.Hotplug.RegisterRead(offset, size, value);

        public void RegisterWritten(ulong offset, int size, ulong value) => manager._log.Hotplug.RegisterWritten(offset, size, value);

        public void StatusReported(int slot, uint source, uint status) => manager.Report(slot, source, status);

        public void Ejected(int slot) => manager.Eject(slot);
    }
}
