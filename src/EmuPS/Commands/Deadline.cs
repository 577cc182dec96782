using System;
using System.Diagnostics;
using System.Threading;

namespace EmuPS.Commands;

/// <summary>The moment at which a cmdlet stops waiting; it covers the whole call, however many things it waits for.</summary>
internal sealed class Deadline
{
    /// <summary>How long cmdlets wait unless told otherwise, in seconds.</summary>
    public const double DefaultSeconds = 60;

    /// <summary>The longest that a timer can wait, in seconds.</summary>
    public const double LongestSeconds = 4_294_967;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly double _seconds;

    /// <summary>Starts the clock.</summary>
    /// <param name="seconds">How long; -1 is for ever.</param>
    public Deadline(double seconds) => _seconds = seconds;

    /// <summary>What is left, never negative; null when there is no limit.</summary>
    public TimeSpan? Remaining => _seconds < 0
        ? null
        : TimeSpan.FromSeconds(Math.Max(0, _seconds - Stopwatch.GetElapsedTime(_start).TotalSeconds));

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>How long it is, for messages.</summary>
    public string Text => $"{_seconds:0.###} s";

    /// <summary>Makes a token that is cancelled at the deadline, or when the given one is.</summary>
    public CancellationTokenSource Link(CancellationToken stopping)
    {
        CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        if (Remaining is { } rest)
            source.CancelAfter(rest);
        return source;
    }
}
