namespace EmuPS.Devices.Timers;

/// <summary>The registers of one of the HPET's comparators.</summary>
internal sealed class HpetTimer
{
    public const ulong LevelTriggered = 1 << 1;
    public const ulong Enabled = 1 << 2;
    public const ulong IsPeriodic = 1 << 3;
    public const ulong SetsAccumulator = 1 << 6;
    public const ulong Forced32Bits = 1 << 8;

    private const ulong PeriodicCapable = 1 << 4;
    private const ulong Has64Bits = 1 << 5;
    private const ulong Writable = 0x7F4E;

    // Interrupt routes that firmware on this machine offers: input 2 only.
    private const ulong Routes = 0x4UL << 32;

    public ulong Configuration { get; private set; }

    public ulong Comparator { get; set; }

    public ulong Period { get; set; }

    public bool IsLevel => (Configuration & LevelTriggered) != 0;

    public bool IsEnabled => (Configuration & Enabled) != 0;

    public bool Repeats => (Configuration & IsPeriodic) != 0;

    public bool Is32Bits => (Configuration & Forced32Bits) != 0;

    public int Route => (int)((Configuration >> 9) & 0x1F);

    public void Reset()
    {
        Configuration = PeriodicCapable | Has64Bits | Routes;
        Comparator = ulong.MaxValue;
        Period = 0;
    }

    public void Configure(ulong value)
    {
        Configuration = (Configuration & ~Writable) | (value & Writable);
        if (Is32Bits)
        {
            Comparator = (uint)Comparator;
            Period = (uint)Period & int.MaxValue;
        }
    }

    /// <summary>Writes the bits of the comparator register that the mask selects. In periodic mode the register is the period, and the accumulator bit adds the comparator itself.</summary>
    public void WriteComparator(ulong value, ulong mask)
    {
        if (Is32Bits)
        {
            mask = (uint)mask;
        }

        if (!Repeats || (Configuration & SetsAccumulator) != 0)
        {
            Comparator = (Comparator & ~mask) | (value & mask);
        }

        if (Repeats)
        {
            // Half the range at most, so that the next match always lies ahead of the counter.
            Period = ((Period & ~mask) | (value & mask)) & (Is32Bits ? (ulong)int.MaxValue : long.MaxValue);
        }

        Configuration &= ~SetsAccumulator;
    }

    /// <summary>Counter ticks until the comparator matches; zero when it is already behind.</summary>
    public ulong TicksUntilMatch(ulong counter)
    {
        long difference = Is32Bits ? (int)(uint)(Comparator - counter) : (long)(Comparator - counter);
        return difference > 0 ? (ulong)difference : 0;
    }

    /// <summary>Moves a periodic comparator to the first match after the counter's value.</summary>
    public void Next(ulong counter)
    {
        ulong behind = Is32Bits ? (uint)(counter - Comparator) : counter - Comparator;
        ulong next = Comparator + (((behind / Period) + 1) * Period);
        Comparator = Is32Bits ? (uint)next : next;
    }
}
