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
            Period = (uint)Period;
        }
    }

    /// <summary>Writes the comparator register, whose meaning in periodic mode depends on the accumulator bit.</summary>
    public void WriteComparator(ulong value)
    {
        if (Is32Bits)
        {
            value = (uint)value;
        }

        if (!Repeats || (Configuration & SetsAccumulator) != 0)
        {
            Comparator = value;
        }

        if (Repeats)
        {
            Period = value;
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
