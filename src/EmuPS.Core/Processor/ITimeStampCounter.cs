namespace EmuPS.Core.Processor;

/// <summary>The relation between guest time and the time-stamp counter, shared by RDTSC and the TSC-deadline timer.</summary>
public interface ITimeStampCounter
{
    /// <summary>The counter's present value including IA32_TSC_ADJUST. Any thread.</summary>
    ulong Read();

    /// <summary>Ticks per second, as CPUID leaf 0x15 announces.</summary>
    ulong Frequency { get; }

    /// <summary>Guest time in nanoseconds at which the counter reaches the value; the present or past when it already has.</summary>
    /// <param name="counter">A counter value.</param>
    long DeadlineOf(ulong counter);
}
