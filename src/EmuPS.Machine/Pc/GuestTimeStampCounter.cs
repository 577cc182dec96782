using System;
using EmuPS.Core.Processor;
using EmuPS.Core.Time;

namespace EmuPS.Machine.Pc;

/// <summary>A time-stamp counter that follows the guest's clock, stands still with it and never varies its rate.</summary>
internal sealed class GuestTimeStampCounter : ITimeStampCounter
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private readonly IGuestClock _clock;

    /// <summary>Makes the counter; it is zero when the clock is.</summary>
    /// <param name="clock">The guest's clock.</param>
    public GuestTimeStampCounter(IGuestClock clock) => _clock = clock;

    /// <inheritdoc/>
    public ulong Frequency => ProcessorFrequencies.TscHz;

    /// <inheritdoc/>
    public ulong Read()
    {
        // A kernel reads the counter in every system call, so the usual frequency is spared the division.
        ulong nanoseconds = (ulong)_clock.Nanoseconds;
        return ProcessorFrequencies.TscHz == NanosecondsPerSecond
            ? nanoseconds
            : (ulong)((UInt128)nanoseconds * ProcessorFrequencies.TscHz / NanosecondsPerSecond);
    }

    /// <inheritdoc/>
    public long DeadlineOf(ulong counter)
    {
        // Rounded up: at the deadline the counter has really got there.
        UInt128 nanoseconds = (((UInt128)counter * NanosecondsPerSecond) + (ProcessorFrequencies.TscHz - 1)) / ProcessorFrequencies.TscHz;
        return (long)UInt128.Min(nanoseconds, long.MaxValue / 2);
    }
}
