using System;
using System.Diagnostics;
using System.Management.Automation;
using System.Threading;

namespace EmuPS.Commands;

/// <summary>Shows how far a preallocation is, when it takes long.</summary>
/// <param name="command">The cmdlet that waits for it.</param>
/// <param name="activity">What it is called.</param>
/// <param name="size">All bytes.</param>
internal sealed class FillProgress(EmuCmdlet command, string activity, long size) : IProgress<ulong>
{
    private const int ProgressId = 0x456D76;
    private static readonly TimeSpan _after = TimeSpan.FromMilliseconds(500);
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _shown = -1;

    /// <inheritdoc/>
    public void Report(ulong value)
    {
        int percent = (int)Math.Min(100, value * 100.0 / size);
        if (Stopwatch.GetElapsedTime(_start) < _after || Interlocked.Exchange(ref _shown, percent) == percent)
            return;
        command.Post(() => command.WriteProgress(new ProgressRecord(ProgressId, activity, $"{value >> 20} MiB") { PercentComplete = percent }));
    }

    /// <summary>Takes the display away. On the pipeline's thread.</summary>
    public void End()
    {
        if (_shown >= 0)
            command.WriteProgress(new ProgressRecord(ProgressId, activity, " ") { RecordType = ProgressRecordType.Completed });
    }
}
