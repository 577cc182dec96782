using System;
using EmuPS.Core.Time;

namespace EmuPS.Devices.Timers;

/// <summary>One counter of the 8254.</summary>
internal sealed class PitChannel(IGuestClock clock)
{
    /// <summary>Input clock in Hz.</summary>
    public const ulong Frequency = 1_193_182;

    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private byte _access;
    private byte _writeLow;
    private bool _writeHighNext;
    private bool _readHighNext;
    private int _latchedBytes;
    private ushort _latchedCount;
    private bool _statusLatched;
    private byte _latchedStatus;
    private bool _bcd;
    private long _start;
    private bool _loaded;

    /// <summary>0 to 5.</summary>
    public int Mode { get; private set; }

    /// <summary>The reload value, 1 to 65536.</summary>
    public uint Reload { get; private set; } = 0x1_0000;

    /// <summary>The gate input.</summary>
    public bool Gate { get; private set; }

    /// <summary>True after a count was written.</summary>
    public bool IsLoaded => _loaded;

    public void Reset(bool gate)
    {
        Mode = 3;
        Reload = 0x1_0000;
        Gate = gate;
        _access = 3;
        _writeHighNext = false;
        _readHighNext = false;
        _latchedBytes = 0;
        _statusLatched = false;
        _bcd = false;
        _loaded = false;
        _start = clock.Nanoseconds;
    }

    /// <summary>Sets the gate; a rising edge restarts the modes that it triggers.</summary>
    public void SetGate(bool gate)
    {
        if (gate && !Gate && Mode is 1 or 2 or 3 or 5)
        {
            _start = clock.Nanoseconds;
        }

        Gate = gate;
    }

    public void Configure(byte control)
    {
        _access = (byte)((control >> 4) & 3);
        int mode = (control >> 1) & 7;
        Mode = mode > 5 ? mode & 3 : mode;
        _bcd = (control & 1) != 0;
        _writeHighNext = false;
        _readHighNext = false;
        _latchedBytes = 0;
        _statusLatched = false;
        _loaded = false;
        _start = clock.Nanoseconds;
    }

    public void LatchCount()
    {
        if (_latchedBytes == 0)
        {
            _latchedCount = Count();
            _latchedBytes = _access == 3 ? 2 : 1;
        }
    }

    public void LatchStatus()
    {
        if (!_statusLatched)
        {
            _latchedStatus = (byte)((Output() ? 0x80 : 0) | (_loaded ? 0 : 0x40) | (_access << 4) | (Mode << 1) | (_bcd ? 1 : 0));
            _statusLatched = true;
        }
    }

    public byte ReadData()
    {
        if (_statusLatched)
        {
            _statusLatched = false;
            return _latchedStatus;
        }

        ushort count = _latchedBytes > 0 ? _latchedCount : Count();
        bool high = _access == 2 || (_access == 3 && _readHighNext);
        if (_access == 3)
        {
            _readHighNext = !_readHighNext;
        }

        if (_latchedBytes > 0)
        {
            _latchedBytes--;
        }

        return (byte)(high ? count >> 8 : count);
    }

    /// <summary>Writes a byte of the count.</summary>
    /// <returns>True when the count is complete and was loaded.</returns>
    public bool WriteData(byte value)
    {
        switch (_access)
        {
            case 1:
                Load(value);
                return true;
            case 2:
                Load((ushort)(value << 8));
                return true;
            case 3 when !_writeHighNext:
                _writeLow = value;
                _writeHighNext = true;
                return false;
            case 3:
                _writeHighNext = false;
                Load((ushort)(_writeLow | (value << 8)));
                return true;
            default:
                return false;
        }
    }

    /// <summary>The output pin.</summary>
    public bool Output()
    {
        if (!_loaded)
        {
            return Mode != 0;
        }

        UInt128 ticks = Elapsed();
        return Mode switch
        {
            0 or 1 => ticks >= Reload,
            2 => !Gate || ticks % Reload != Reload - 1,
            3 => !Gate || ticks % Reload < (Reload + 1) / 2,
            _ => ticks != Reload,
        };
    }

    /// <summary>The time of the next rising edge of the output, or null when there is none.</summary>
    public long? NextRise()
    {
        if (!_loaded || !Gate)
        {
            return null;
        }

        UInt128 ticks = Elapsed();
        switch (Mode)
        {
            case 2 or 3:
                return TimeOf(((ticks / Reload) + 1) * Reload);
            case 0:
                return ticks < Reload ? TimeOf(Reload) : null;
            case 4:
                return ticks <= Reload ? TimeOf((UInt128)Reload + 1) : null;
            default:
                return null;
        }
    }

    private void Load(ushort value)
    {
        uint count = _bcd ? (uint)(((value >> 12) * 1000) + (((value >> 8) & 15) * 100) + (((value >> 4) & 15) * 10) + (value & 15)) : value;
        Reload = count == 0 ? (_bcd ? 10_000u : 0x1_0000u) : count;
        _loaded = true;
        _start = clock.Nanoseconds;
    }

    private ushort Count()
    {
        UInt128 ticks = _loaded && (Gate || Mode is 1 or 5) ? Elapsed() : 0;
        uint count = Mode switch
        {
            2 => Reload - (uint)(ticks % Reload),
            3 => Reload - (uint)(ticks * 2 % Reload),
            _ => (uint)((Reload - ticks) & 0xFFFF),
        };
        return _bcd
            ? (ushort)(((count / 1000 % 10) << 12) | ((count / 100 % 10) << 8) | ((count / 10 % 10) << 4) | (count % 10))
            : (ushort)count;
    }

    private UInt128 Elapsed() => (UInt128)(ulong)Math.Max(0, clock.Nanoseconds - _start) * Frequency / NanosecondsPerSecond;

    private long TimeOf(UInt128 ticks) => _start + (long)(((ticks * NanosecondsPerSecond) + (Frequency - 1)) / Frequency);
}
