using System;
using EmuPS.Core.Lines;
using EmuPS.Core.Time;
using EmuPS.Devices.Bus;

namespace EmuPS.Devices.Timers;

/// <summary>The MC146818 real-time clock and its 128 bytes of battery-backed memory: ports 0x70 and 0x71.</summary>
public sealed class CmosRtc : ByteWideDevice
{
    private const int RegisterA = 0x0A;
    private const int RegisterB = 0x0B;
    private const int RegisterC = 0x0C;
    private const int RegisterD = 0x0D;
    private const int Century = 0x32;
    private const byte SetMode = 0x80;
    private const byte Periodic = 0x40;
    private const byte Alarm = 0x20;
    private const byte Update = 0x10;
    private const byte Binary = 0x04;
    private const byte Hours24 = 0x02;
    private const byte RequestFlag = 0x80;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long CrystalFrequency = 32_768;

    // The update-in-progress flag announces the update this long before it happens.
    private const long UpdateWindowTicks = 244 * TimeSpan.TicksPerMicrosecond;

    private readonly ITimerService _time;
    private readonly ILine _interrupt;
    private readonly Func<DateTimeOffset> _now;
    private readonly IGuestTimer _periodicTimer;
    private readonly IGuestTimer _secondTimer;
    private readonly byte[] _memory = new byte[128];
    private TimeSpan _offset;
    private DateTime _lastSecond;
    private long _periodicStart;
    private byte _index;

    /// <summary>Makes the clock.</summary>
    /// <param name="time">The machine's timers.</param>
    /// <param name="interrupt">ISA interrupt 8, usually by way of the HPET.</param>
    /// <param name="now">The date and time that the clock shows.</param>
    public CmosRtc(ITimerService time, ILine interrupt, Func<DateTimeOffset> now)
    {
        _time = time;
        _interrupt = interrupt;
        _now = now;
        _periodicTimer = time.CreateTimer("rtc-periodic", OnPeriodic);
        _secondTimer = time.CreateTimer("rtc-second", OnSecond);
        _memory[RegisterA] = 0x26;
        _memory[RegisterB] = Hours24;
        _lastSecond = WholeSecond(Now());
    }

    private bool IsSetting => (_memory[RegisterB] & SetMode) != 0;

    private bool IsBinary => (_memory[RegisterB] & Binary) != 0;

    /// <summary>Puts the interrupts into their state after reset; date, time and memory are battery-backed.</summary>
    public void Reset()
    {
        _memory[RegisterB] &= unchecked((byte)~(Periodic | Alarm | Update | 0x08));
        _memory[RegisterC] = 0;
        _index = 0;
        _interrupt.Set(false);
        ArmPeriodic();
        ArmSecond();
    }

    /// <summary>Sets a byte of the battery-backed memory, as firmware would.</summary>
    /// <param name="index">0x0E to 0x7F; the century byte is computed.</param>
    /// <param name="value">The value.</param>
    public void SetMemory(int index, byte value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 0x0E);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, 0x7F);
        _memory[index] = value;
    }

    /// <inheritdoc/>
    protected override byte ReadByte(uint offset) => (offset & 1) == 0 ? (byte)0xFF : ReadRegister(_index);

    /// <inheritdoc/>
    protected override void WriteByte(uint offset, byte value)
    {
        if ((offset & 1) == 0)
        {
            // Bit 7 is the NMI mask, which nothing here needs.
            _index = (byte)(value & 0x7F);
            return;
        }

        WriteRegister(_index, value);
    }

    private static DateTime WholeSecond(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond));

    private DateTime Now()
    {
        long ticks = _now().UtcDateTime.Ticks + _offset.Ticks;
        return new DateTime(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks));
    }

    private byte ReadRegister(int index)
    {
        switch (index)
        {
            case < RegisterA or Century:
                if (!IsSetting && index is not (1 or 3 or 5))
                {
                    ShowTime(Now());
                }

                return _memory[index];
            case RegisterA:
                bool updating = !IsSetting && Now().Ticks % TimeSpan.TicksPerSecond >= TimeSpan.TicksPerSecond - UpdateWindowTicks;
                return (byte)(_memory[RegisterA] | (updating ? 0x80 : 0));
            case RegisterC:
                CatchUp();
                byte flags = _memory[RegisterC];
                _memory[RegisterC] = 0;
                _interrupt.Set(false);
                return flags;
            case RegisterD:
                return 0x80;
            default:
                return _memory[index];
        }
    }

    private void WriteRegister(int index, byte value)
    {
        switch (index)
        {
            case 1 or 3 or 5:
                _memory[index] = value;
                break;
            case < RegisterA or Century:
                if (!IsSetting)
                {
                    ShowTime(Now());
                }

                _memory[index] = value;
                if (!IsSetting)
                {
                    TakeTime();
                }

                break;
            case RegisterA:
                _memory[RegisterA] = (byte)(value & 0x7F);
                ArmPeriodic();
                break;
            case RegisterB:
                WriteControl(value);
                break;
            case RegisterC or RegisterD:
                break;
            default:
                _memory[index] = value;
                break;
        }
    }

    private void WriteControl(byte value)
    {
        bool wasSetting = IsSetting;
        if (!wasSetting)
        {
            CatchUp();
            ShowTime(Now());
        }

        if ((value & SetMode) != 0)
        {
            value &= unchecked((byte)~Update);
        }

        bool periodicChanged = ((value ^ _memory[RegisterB]) & Periodic) != 0;
        _memory[RegisterB] = value;
        if (wasSetting && !IsSetting)
        {
            TakeTime();
        }

        if (periodicChanged)
        {
            ArmPeriodic();
        }

        ArmSecond();
        RaiseIfEnabled();
    }

    private byte Encode(int value) => (byte)(IsBinary ? value : ((value / 10) << 4) | (value % 10));

    private int Decode(byte value) => IsBinary ? value : ((value >> 4) * 10) + (value & 15);

    private byte EncodeHour(int hour)
    {
        if ((_memory[RegisterB] & Hours24) != 0)
        {
            return Encode(hour);
        }

        int twelve = hour % 12 == 0 ? 12 : hour % 12;
        return (byte)(Encode(twelve) | (hour >= 12 ? 0x80 : 0));
    }

    private int DecodeHour(byte value)
    {
        if ((_memory[RegisterB] & Hours24) != 0)
        {
            return Decode(value);
        }

        return (Decode((byte)(value & 0x7F)) % 12) + ((value & 0x80) != 0 ? 12 : 0);
    }

    private void ShowTime(DateTime time)
    {
        _memory[0] = Encode(time.Second);
        _memory[2] = Encode(time.Minute);
        _memory[4] = EncodeHour(time.Hour);
        _memory[6] = Encode((int)time.DayOfWeek + 1);
        _memory[7] = Encode(time.Day);
        _memory[8] = Encode(time.Month);
        _memory[9] = Encode(time.Year % 100);
        _memory[Century] = Encode(time.Year / 100);
    }

    private void TakeTime()
    {
        int year = Math.Clamp((Decode(_memory[Century]) * 100) + Decode(_memory[9]), 1, 9999);
        int month = Math.Clamp(Decode(_memory[8]), 1, 12);
        DateTime time = new DateTime(year, month, 1)
            .AddDays(Math.Clamp(Decode(_memory[7]), 1, DateTime.DaysInMonth(year, month)) - 1)
            .AddHours(Math.Clamp(DecodeHour(_memory[4]), 0, 23))
            .AddMinutes(Math.Clamp(Decode(_memory[2]), 0, 59))
            .AddSeconds(Math.Clamp(Decode(_memory[0]), 0, 59));
        _offset = time - _now().UtcDateTime;
        _lastSecond = time;
        ArmSecond();
    }

    /// <summary>Sets the flags of the seconds that have passed since the last look.</summary>
    private void CatchUp()
    {
        if (IsSetting)
        {
            return;
        }

        DateTime second = WholeSecond(Now());
        if (second == _lastSecond)
        {
            return;
        }

        _memory[RegisterC] |= Update;
        // A day of seconds holds every alarm that there can be.
        long passed = Math.Clamp((second - _lastSecond).Ticks / TimeSpan.TicksPerSecond, 1, 86_400);
        for (long i = 0; i < passed; i++)
        {
            if (IsAlarm(second.TimeOfDay - TimeSpan.FromSeconds(i)))
            {
                _memory[RegisterC] |= Alarm;
                break;
            }
        }

        _lastSecond = second;
        RaiseIfEnabled();
    }

    private bool IsAlarm(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            time += TimeSpan.FromDays(1);
        }

        return Matches(_memory[1], Encode(time.Seconds)) && Matches(_memory[3], Encode(time.Minutes)) && Matches(_memory[5], EncodeHour(time.Hours));

        static bool Matches(byte alarm, byte value) => (alarm & 0xC0) == 0xC0 || alarm == value;
    }

    private void RaiseIfEnabled()
    {
        if ((_memory[RegisterC] & _memory[RegisterB] & (Periodic | Alarm | Update)) != 0)
        {
            _memory[RegisterC] |= RequestFlag;
            _interrupt.Set(true);
        }
    }

    private void OnSecond()
    {
        CatchUp();
        ArmSecond();
    }

    private void ArmSecond()
    {
        if (IsSetting || (_memory[RegisterB] & (Alarm | Update)) == 0)
        {
            _secondTimer.Cancel();
            return;
        }

        long remaining = TimeSpan.TicksPerSecond - (Now().Ticks % TimeSpan.TicksPerSecond);
        _secondTimer.Arm(_time.Nanoseconds + (remaining * TimeSpan.NanosecondsPerTick));
    }

    private void OnPeriodic()
    {
        _memory[RegisterC] |= Periodic;
        RaiseIfEnabled();
        ArmPeriodicAfter(_time.Nanoseconds);
    }

    private void ArmPeriodic()
    {
        _periodicStart = _time.Nanoseconds;
        if ((_memory[RegisterB] & Periodic) == 0 || (_memory[RegisterA] & 15) == 0)
        {
            _periodicTimer.Cancel();
        }
        else
        {
            ArmPeriodicAfter(_periodicStart);
        }
    }

    private void ArmPeriodicAfter(long now)
    {
        int rate = _memory[RegisterA] & 15;
        int shift = (rate < 3 ? rate + 7 : rate) - 1;
        UInt128 periods = ((UInt128)(ulong)(now - _periodicStart) * CrystalFrequency / NanosecondsPerSecond >> shift) + 1;
        _periodicTimer.Arm(_periodicStart + (long)((((periods << shift) * NanosecondsPerSecond) + (CrystalFrequency - 1)) / CrystalFrequency));
    }
}
