using System;
using System.Collections.Concurrent;
using System.Collections.Generic;

namespace EmuPS.Core.Diagnostics;

/// <summary>Counts anomalies and hands each distinct one to a listener once.</summary>
public sealed class AnomalyCounter : IGuestAnomalySink
{
    private const int MaximumDistinct = 4096;
    private readonly ConcurrentDictionary<(GuestAnomaly Kind, ulong Detail), long> _counts = new();
    private readonly Action<GuestAnomaly, ulong>? _firstSeen;

    /// <summary>Makes a counter.</summary>
    /// <param name="firstSeen">Called once for each distinct anomaly, on the reporting thread.</param>
    public AnomalyCounter(Action<GuestAnomaly, ulong>? firstSeen = null) => _firstSeen = firstSeen;

    /// <summary>What was seen and how often. A guest that tries every address is cut off at 4,096 distinct details.</summary>
    public IReadOnlyDictionary<(GuestAnomaly Kind, ulong Detail), long> Counts => _counts;

    /// <inheritdoc/>
    public void Report(GuestAnomaly kind, ulong detail)
    {
        if (_counts.TryGetValue((kind, detail), out _))
        {
            _counts.AddOrUpdate((kind, detail), 1, static (_, n) => n + 1);
        }
        else if (_counts.Count < MaximumDistinct && _counts.TryAdd((kind, detail), 1))
        {
            _firstSeen?.Invoke(kind, detail);
        }
    }
}
