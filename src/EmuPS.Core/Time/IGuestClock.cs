namespace EmuPS.Core.Time;

/// <summary>The machine's time. It stands still while the machine is paused.</summary>
public interface IGuestClock
{
    /// <summary>Guest time since power-on, in nanoseconds. Callable from any thread; never goes back.</summary>
    long Nanoseconds { get; }
}
