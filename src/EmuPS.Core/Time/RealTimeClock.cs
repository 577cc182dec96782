using System.Diagnostics;
using System.Threading;

namespace EmuPS.Core.Time;

/// <summary>Guest time that follows the host's monotonic clock while running and stands still while paused.</summary>
public sealed class RealTimeClock : IGuestClock
{
    private const double NanosecondsPerSecond = 1e9;
    private static readonly double s_nanosecondsPerTick = NanosecondsPerSecond / Stopwatch.Frequency;
    private readonly Lock _lock = new();
    private long _startTicks = Stopwatch.GetTimestamp();
    private long _frozenAt = -1;

    /// <inheritdoc/>
    public long Nanoseconds
    {
        get
        {
            long frozen = Volatile.Read(ref _frozenAt);
            return frozen >= 0 ? frozen : Elapsed();
        }
    }

    /// <summary>Stops the clock at the present time. Does nothing when it is stopped.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            if (_frozenAt < 0)
            {
                Volatile.Write(ref _frozenAt, Elapsed());
            }
        }
    }

    /// <summary>Lets the clock go on from where it stopped. Does nothing when it runs.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            if (_frozenAt >= 0)
            {
                Volatile.Write(ref _startTicks, Stopwatch.GetTimestamp() - (long)(_frozenAt / s_nanosecondsPerTick));
                Volatile.Write(ref _frozenAt, -1);
            }
        }
    }

    private long Elapsed() => (long)((Stopwatch.GetTimestamp() - Volatile.Read(ref _startTicks)) * s_nanosecondsPerTick);
}
