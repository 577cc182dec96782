using System;
using System.Diagnostics;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

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

    /// <summary>Makes something whose memory is preallocated, which may take long: with progress, and Ctrl+C leaves nothing behind.</summary>
    /// <param name="command">The cmdlet that waits for it.</param>
    /// <param name="size">How many bytes get memory; 0 makes it at once.</param>
    /// <param name="make">Makes it, on a thread of its own.</param>
    /// <param name="undo">Takes it away again, if it was made at the moment of Ctrl+C.</param>
    /// <exception cref="PipelineStoppedException">The user pressed Ctrl+C; nothing is being made any more.</exception>
    public static T Make<T>(EmuCmdlet command, ulong size, Func<IProgress<ulong>?, CancellationToken, T> make, Action<T> undo)
    {
        if (size == 0)
            return make(null, CancellationToken.None);
        FillProgress progress = new(command, $"Preallocating {size >> 20} MiB", (long)size);
        Task<T> making = Task.Run(() => make(progress, command.CancelToken));
        try
        {
            return command.WaitFor(making);
        }
        catch (PipelineStoppedException)
        {
            // It ends within one piece of the memory; before that, names and files would still be taken.
            if (making.ContinueWith(static made => made.IsCompletedSuccessfully, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Result)
                undo(making.Result);
            throw;
        }
        finally
        {
            progress.End();
        }
    }

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
