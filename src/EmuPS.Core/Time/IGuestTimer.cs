namespace EmuPS.Core.Time;

/// <summary>A one-shot timer with an absolute deadline on the guest's clock. Callable from any thread.</summary>
public interface IGuestTimer
{
    /// <summary>Arms the timer, replacing an earlier deadline. A deadline in the past fires as soon as possible.</summary>
    /// <param name="deadline">Absolute guest time in nanoseconds.</param>
    void Arm(long deadline);

    /// <summary>Disarms the timer. A callback that has already begun still completes.</summary>
    void Cancel();
}
