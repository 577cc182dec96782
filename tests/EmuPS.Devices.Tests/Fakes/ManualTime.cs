using System;
using System.Collections.Generic;
using EmuPS.Core.Processor;
using EmuPS.Core.Time;

namespace EmuPS.Devices.Tests.Fakes;

/// <summary>Time that passes only when a test says so; timers fire in order of their deadlines. The time-stamp counter runs at 1 GHz.</summary>
internal sealed class ManualTime : ITimerService, ITimeStampCounter
{
    private readonly List<Timer> _timers = [];

    public long Nanoseconds { get; private set; }

    public ulong Frequency => 1_000_000_000;

    public IGuestTimer CreateTimer(string name, Action callback)
    {
        Timer timer = new(callback);
        _timers.Add(timer);
        return timer;
    }

    public ulong Read() => (ulong)Nanoseconds;

    public long DeadlineOf(ulong counter) => (long)Math.Min(counter, long.MaxValue);

    public void Advance(long nanoseconds)
    {
        long end = Nanoseconds + nanoseconds;
        while (true)
        {
            Timer? next = null;
            foreach (Timer timer in _timers)
            {
                if (timer.Deadline <= end && (next is null || timer.Deadline < next.Deadline))
                {
                    next = timer;
                }
            }

            if (next is null)
            {
                break;
            }

            Nanoseconds = Math.Max(Nanoseconds, next.Deadline);
            next.Deadline = long.MaxValue;
            next.Callback();
        }

        Nanoseconds = end;
    }

    private sealed class Timer(Action callback) : IGuestTimer
    {
        public Action Callback => callback;

        public long Deadline { get; set; } = long.MaxValue;

        public void Arm(long deadline) => Deadline = deadline;

        public void Cancel() => Deadline = long.MaxValue;
    }
}
