using System;
using System.Collections.Generic;
using System.Threading;
using EmuPS.Core.Native;

namespace EmuPS.Core.Time;

/// <summary>Runs guest timers on one background thread that sleeps until the next deadline. Callbacks run under the machine's device lock.</summary>
public sealed class TimerQueue : ITimerService, IDisposable
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long LongestWaitMilliseconds = 86_400_000;

    // This sleep is not interrupted when an earlier deadline is armed meanwhile, which is thus late by no more.
    private const long LongestFraction = 250_000;

    private readonly IGuestClock _clock;
    private readonly Lock _deviceLock;
    private readonly object _gate = new();
    private readonly PriorityQueue<(GuestTimer Timer, long Generation), long> _queue = new();
    private readonly Thread _thread;
    private bool _stopping;
    private bool _paused;

    /// <summary>Makes the queue and starts its thread.</summary>
    /// <param name="clock">The guest's clock.</param>
    /// <param name="deviceLock">The machine's device lock.</param>
    /// <param name="name">Name of the thread.</param>
    public TimerQueue(IGuestClock clock, Lock deviceLock, string name)
    {
        _clock = clock;
        _deviceLock = deviceLock;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <inheritdoc/>
    public long Nanoseconds => _clock.Nanoseconds;

    /// <inheritdoc/>
    public IGuestTimer CreateTimer(string name, Action callback) => new GuestTimer(this, name, callback);

    /// <summary>Holds all timers back; to be called together with pausing the clock.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _paused = true;
        }
    }

    /// <summary>Lets timers fire again after the clock goes on.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _paused = false;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends the thread; timers no longer fire. Must not be called under the device lock.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        while (true)
        {
            GuestTimer? due = null;
            long generation = 0;
            long fraction = 0;
            lock (_gate)
            {
                while (due is null && fraction == 0)
                {
                    if (_stopping)
                    {
                        return;
                    }

                    if (_paused || !_queue.TryPeek(out (GuestTimer Timer, long Generation) next, out long deadline))
                    {
                        Monitor.Wait(_gate);
                        continue;
                    }

                    if (next.Generation != next.Timer.Generation)
                    {
                        _queue.Dequeue();
                        continue;
                    }

                    long wait = deadline - _clock.Nanoseconds;
                    if (wait >= NanosecondsPerMillisecond)
                    {
                        // Whole milliseconds only: that is what the wait counts in.
                        Monitor.Wait(_gate, (int)Math.Min(wait / NanosecondsPerMillisecond, LongestWaitMilliseconds));
                        continue;
                    }

                    if (wait > 0)
                    {
                        fraction = Math.Min(wait, LongestFraction);
                        continue;
                    }

                    _queue.Dequeue();
                    (due, generation) = next;
                }
            }

            if (due is null)
            {
                PreciseSleep.Sleep(fraction);
                continue;
            }

            lock (_deviceLock)
            {
                due.Fire(generation);
            }
        }
    }

    private sealed class GuestTimer(TimerQueue owner, string name, Action callback) : IGuestTimer
    {
        private long _generation;

        public long Generation => Volatile.Read(ref _generation);

        public void Arm(long deadline)
        {
            lock (owner._gate)
            {
                long generation = ++_generation;
                owner._queue.Enqueue((this, generation), deadline);
                Monitor.Pulse(owner._gate);
            }
        }

        public void Cancel()
        {
            lock (owner._gate)
            {
                _generation++;
            }
        }

        public void Fire(long generation)
        {
            if (generation == Generation)
            {
                callback();
            }
        }

        public override string ToString() => name;
    }
}
