using System.Collections.Generic;
using System.Threading;
using EmuPS.Core.Native;
using EmuPS.Machine.MemoryBackends;

namespace EmuPS.Machine.MemoryHotplug;

/// <content>Memory that the host loses under a running guest: a backing file that was truncated or has no room.</content>
/// <remarks>
/// QEMU dies of the SIGBUS. Here the handler of <see cref="GuardedRange"/> has put zeros in place and woken the watcher. The event is not
/// QEMU's MEMORY_FAILURE: that one speaks of failed hardware, says whether a machine check went into the guest, and names no backend; none of
/// its actions is what happens here.
/// </remarks>
public sealed partial class MemoryHotplugManager
{
    /// <summary>The event of a loss: <c>id</c>, <c>qom-path</c>, <c>device</c> (the DIMM's id, when one with an id uses the backend), <c>offset</c> and <c>size</c> of what is lost by then, <c>action</c> (<c>stop</c> or <c>report</c>), <c>reason</c>.</summary>
    public const string MemoryLostEvent = "MEMORY_BACKEND_LOST";

    private MemoryLossWatcher? _lossWatcher;
    private int _memoryLossAction;

    /// <summary>What the machine does when the host loses memory. May change at any time.</summary>
    public MemoryLossAction MemoryLossAction
    {
        get => (MemoryLossAction)Volatile.Read(ref _memoryLossAction);
        set => Volatile.Write(ref _memoryLossAction, (int)value);
    }

    /// <summary>The event for a backend of this kind, or null where the host cannot tell of losses or the kind has no file.</summary>
    private HostEvent? LossEvent(MemoryBackendKind kind)
    {
        if (kind == MemoryBackendKind.Ram || !GuardedRange.IsSupported)
            return null;
        try
        {
            lock (_host.DeviceLock)
                return (_lossWatcher ??= new MemoryLossWatcher(ReportLosses)).Event;
        }
        catch (HostCallException e)
        {
            throw new EngineException(ErrorIds.HostMemoryExhausted, EngineErrorCategory.LimitsExceeded, $"cannot watch the backing store: {e.Message}", kind, "The process may have too many open files (ulimit -n).", inner: e);
        }
    }

    /// <summary>Makes known what was lost: once for each backend, on the first loss.</summary>
    private void ReportLosses()
    {
        bool lost = false;
        MemoryLossAction action = MemoryLossAction;
        lock (_host.DeviceLock)
        {
            foreach (MemoryBackend backend in _backends.Values)
            {
                if (backend.LostBytes > 0 && !backend.LossReported)
                {
                    backend.LossReported = true;
                    lost = true;
                    RaiseLoss(backend, action);
                }
            }
        }

        if (lost && action == MemoryLossAction.Stop)
        {
            try
            {
                _host.Pause();
            }
            catch (EngineException)
            {
                // The machine ended meanwhile.
            }
        }
    }

    private void RaiseLoss(MemoryBackend backend, MemoryLossAction action)
    {
        MemoryBackendInfo info = backend.Describe();
        OrderedDictionary<string, object?> data = new() { ["id"] = backend.Id, ["qom-path"] = info.ObjectPath };
        if (info.DimmId is { } dimm && !dimm.StartsWith('/'))
            data["device"] = dimm;
        data["offset"] = (long)(info.FirstLostOffset ?? 0);
        data["size"] = (long)info.LostBytes;
        data["action"] = action.ToWord();
        data["reason"] = backend.DescribeLoss();
        _events.Raise(MemoryLostEvent, data);
    }
}
