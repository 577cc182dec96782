using System;
using EmuPS.Core.Bus;
using EmuPS.Core.Lines;
using EmuPS.Core.Time;

namespace EmuPS.Devices.Timers;

/// <summary>The high precision event timer: a 100 MHz counter and three comparators. Memory window of 0x400 at 0xFED00000.</summary>
/// <remarks>In legacy replacement mode comparators 0 and 1 take the places of the PIT and the real-time clock, whose wires therefore run through here.</remarks>
public sealed class Hpet : IBusDevice
{
    private const ulong PeriodFemtoseconds = 10_000_000;
    private const long NanosecondsPerTick = 10;
    private const ulong LegacyReplacement = 2;

    // A guest that asks for a shorter period gets this one, lest the host's timer thread do nothing else.
    private const long MinimumPeriodNanoseconds = 10_000;
    private readonly ITimerService _time;
    private readonly Func<int, ILine> _interrupts;
    private readonly HpetTimer[] _timers = [new(), new(), new()];
    private readonly IGuestTimer[] _wakeups = new IGuestTimer[3];
    private readonly Line[] _legacyInputs;
    private ulong _configuration;
    private ulong _status;
    private ulong _counter;
    private long _start;

    /// <summary>Makes the chip.</summary>
    /// <param name="time">The machine's timers.</param>
    /// <param name="interrupts">Returns the wire of an interrupt, 0 to 23; asked anew for each use.</param>
    public Hpet(ITimerService time, Func<int, ILine> interrupts)
    {
        _time = time;
        _interrupts = interrupts;
        for (int i = 0; i < _timers.Length; i++)
        {
            int index = i;
            _wakeups[i] = time.CreateTimer($"hpet{i}", () => OnMatch(index));
        }

        _legacyInputs = [new Line(level => ForwardLegacy(0, level)), new Line(level => ForwardLegacy(8, level))];
        Reset();
    }

    /// <summary>Where the PIT's counter 0 is connected.</summary>
    public ILine PitInput => _legacyInputs[0];

    /// <summary>Where the real-time clock's interrupt is connected.</summary>
    public ILine RtcInput => _legacyInputs[1];

    private bool IsRunning => (_configuration & 1) != 0;

    private bool IsLegacy => (_configuration & LegacyReplacement) != 0;

    private ulong Counter => IsRunning ? _counter + (ulong)((_time.Nanoseconds - _start) / NanosecondsPerTick) : _counter;

    /// <summary>Puts the chip into its state after power-on.</summary>
    public void Reset()
    {
        for (int i = 0; i < _timers.Length; i++)
        {
            LowerIfAsserted(i);
            _timers[i].Reset();
            _wakeups[i].Cancel();
        }

        _configuration = 0;
        _status = 0;
        _counter = 0;
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = ReadRegister((uint)offset & 0x3F8);
        return value >> (int)(8 * (offset & 7));
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (size < 4 || (offset & 3) != 0)
        {
            return;
        }

        uint register = (uint)offset & 0x3F8;
        if (register >= 0x100)
        {
            WriteTimer((register - 0x100) >> 5, register & 0x18, (uint)offset & 4, size, value);
            return;
        }

        bool upper = (offset & 4) != 0;
        switch (register)
        {
            case 0x10 when !upper:
                SetConfiguration(value & 3);
                break;
            case 0x20 when !upper:
                ClearStatus(value);
                break;
            case 0xF0 when !IsRunning:
                _counter = Merge(_counter, upper ? 4u : 0, size, value);
                break;
        }
    }

    private static ulong Merge(ulong old, uint byteOffset, int size, ulong value)
    {
        if (size == 8)
        {
            return value;
        }

        return byteOffset == 0 ? (old & 0xFFFF_FFFF_0000_0000) | (uint)value : (uint)old | (value << 32);
    }

    private ulong ReadRegister(uint register)
    {
        switch (register)
        {
            case 0x00:
                return (PeriodFemtoseconds << 32) | 0x8086_A001 | ((ulong)(_timers.Length - 1) << 8);
            case 0x10:
                return _configuration;
            case 0x20:
                return _status;
            case 0xF0:
                return Counter;
            case < 0x100:
                return 0;
        }

        uint index = (register - 0x100) >> 5;
        if (index >= _timers.Length)
        {
            return 0;
        }

        CatchUp(_timers[index]);
        return (register & 0x18) switch
        {
            0x00 => _timers[index].Configuration,
            0x08 => _timers[index].Comparator,
            _ => 0,
        };
    }

    private void SetConfiguration(ulong value)
    {
        bool wasRunning = IsRunning;
        bool wasLegacy = IsLegacy;
        if (wasRunning && (value & 1) == 0)
        {
            Array.ForEach(_timers, CatchUp);
            _counter = Counter;
        }

        _configuration = value;
        if (!wasRunning && IsRunning)
        {
            _start = _time.Nanoseconds;
        }

        if (wasLegacy != IsLegacy)
        {
            _interrupts(0).Set(!IsLegacy && _legacyInputs[0].Level);
            _interrupts(8).Set(!IsLegacy && _legacyInputs[1].Level);
        }

        for (int i = 0; i < _timers.Length; i++)
        {
            Arm(i);
        }
    }

    private void ClearStatus(ulong value)
    {
        for (int i = 0; i < _timers.Length; i++)
        {
            if ((value & _status & (1UL << i)) != 0)
            {
                LowerIfAsserted(i);
            }
        }
    }

    private void WriteTimer(uint index, uint register, uint byteOffset, int size, ulong value)
    {
        if (index >= _timers.Length)
        {
            return;
        }

        HpetTimer timer = _timers[index];
        CatchUp(timer);
        switch (register)
        {
            case 0x00:
                ulong configuration = Merge(timer.Configuration, byteOffset, size, value);
                if ((timer.IsLevel && (configuration & HpetTimer.LevelTriggered) == 0) || (configuration & HpetTimer.Enabled) == 0)
                {
                    LowerIfAsserted((int)index);
                }

                timer.Configure(configuration);
                break;
            case 0x08:
                ulong mask = size == 8 ? ulong.MaxValue : byteOffset == 0 ? uint.MaxValue : ~(ulong)uint.MaxValue;
                timer.WriteComparator(byteOffset == 0 ? value : value << 32, mask);
                break;
        }

        Arm((int)index);
    }

    private void Arm(int index, long minimumWait = 0)
    {
        HpetTimer timer = _timers[index];
        if (!IsRunning || !timer.IsEnabled || timer is { Repeats: true, Period: 0 })
        {
            // Without an interrupt nobody is woken: the comparator catches up when somebody looks at it.
            _wakeups[index].Cancel();
            return;
        }

        UInt128 wait = (UInt128)timer.TicksUntilMatch(Counter) * (ulong)NanosecondsPerTick;
        if (wait > long.MaxValue / 2)
        {
            _wakeups[index].Cancel();
            return;
        }

        _wakeups[index].Arm(_time.Nanoseconds + Math.Max((long)wait, minimumWait));
    }

    /// <summary>Moves a periodic comparator on to where it would be had it been moved at each match.</summary>
    private void CatchUp(HpetTimer timer)
    {
        if (IsRunning && !timer.IsEnabled && timer.Repeats && timer.Period != 0 && timer.TicksUntilMatch(Counter) == 0)
        {
            timer.Next(Counter);
        }
    }

    private void OnMatch(int index)
    {
        HpetTimer timer = _timers[index];
        if (!IsRunning)
        {
            return;
        }

        ulong counter = Counter;
        if (timer.TicksUntilMatch(counter) != 0)
        {
            Arm(index);
            return;
        }

        if (timer.Repeats && timer.Period != 0)
        {
            timer.Next(counter);
            Arm(index, MinimumPeriodNanoseconds);
        }

        Raise(index);
    }

    private ILine LineOf(int index) => _interrupts(IsLegacy && index < 2 ? index * 8 : _timers[index].Route % 24);

    private void Raise(int index)
    {
        HpetTimer timer = _timers[index];
        if (!timer.IsEnabled)
        {
            return;
        }

        ILine line = LineOf(index);
        line.Set(true);
        if (timer.IsLevel)
        {
            _status |= 1UL << index;
        }
        else
        {
            line.Set(false);
        }
    }

    private void LowerIfAsserted(int index)
    {
        if ((_status & (1UL << index)) != 0)
        {
            _status &= ~(1UL << index);
            LineOf(index).Set(false);
        }
    }

    private void ForwardLegacy(int irq, bool level)
    {
        if (!IsLegacy)
        {
            _interrupts(irq).Set(level);
        }
    }
}
