using EmuPS.Core.Processor;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>A counter of the host's nanoseconds.</summary>
internal sealed class NanosecondTsc : ITimeStampCounter
{
    public ulong Frequency => 1_000_000_000;

    public ulong Read() => (ulong)System.Diagnostics.Stopwatch.GetTimestamp();

    public long DeadlineOf(ulong counter) => (long)counter;
}
