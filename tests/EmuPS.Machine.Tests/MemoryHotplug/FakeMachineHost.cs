using System;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Core.Memory;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>A machine without a processor: safe points are immediate, and the event is counted.</summary>
internal sealed class FakeMachineHost : IMachineHost
{
    private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GuestPhysicalMemory Memory { get; } = new();

    public Lock DeviceLock { get; } = new();

    public bool HasStarted { get; set; } = true;

    public bool IsMemoryGpeEnabled { get; set; } = true;

    public bool IsMemoryGpeRaised { get; set; }

    /// <summary>How often GPE 3 was raised.</summary>
    public int GpeCount { get; private set; }

    /// <summary>What a safe point throws, to see the machine fail.</summary>
    public Exception? Failure { get; set; }

    public void AtSafePoint(Action action)
    {
        if (Failure is not null)
            throw Failure;
        // The whole machine is one vCPU here; two threads cannot both hold it still.
        lock (this)
        {
            action();
        }
    }

    /// <summary>Completes when the machine was held.</summary>
    public Task Paused => _paused.Task;

    public void Pause() => _paused.TrySetResult();

    public void AtNextSafePoint(Action action) => AtSafePoint(action);

    public void RaiseMemoryGpe()
    {
        if (!DeviceLock.IsHeldByCurrentThread)
            throw new InvalidOperationException("The GPE is raised under the device lock.");
        GpeCount++;
    }
}
