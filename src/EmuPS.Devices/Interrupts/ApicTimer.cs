using System;
using EmuPS.Core.Processor;
using EmuPS.Core.Time;

namespace EmuPS.Devices.Interrupts;

/// <summary>The local APIC's timer: counts crystal ticks through a divider, or waits for the time-stamp counter. Its owner's lock guards it.</summary>
internal sealed class ApicTimer
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    // A guest that asks for a shorter period gets this one, lest the host's timer thread do nothing else.
    private const long MinimumPeriodNanoseconds = 10_000;
    private readonly ITimerService _time;
    private readonly ITimeStampCounter _tsc;
    private readonly IGuestTimer _timer;
    private readonly ulong _frequency;
    private ApicTimerMode _mode;
    private uint _initialCount;
    private uint _divideConfiguration;
    private ulong _deadline;
    private bool _running;
    private long _start;

    public ApicTimer(ITimerService time, ITimeStampCounter tsc, ulong frequency, string name, Action fired)
    {
        _time = time;
        _tsc = tsc;
        _frequency = frequency;
        _timer = time.CreateTimer(name, fired);
    }

    /// <summary>Changing between counting and deadline disarms, as the manual says.</summary>
    public ApicTimerMode Mode
    {
        get => _mode;
        set
        {
            if (_mode == value)
            {
                return;
            }

            bool keepsCounting = _mode != ApicTimerMode.TscDeadline && value != ApicTimerMode.TscDeadline;
            uint remaining = keepsCounting ? CurrentCount : 0;
            _mode = value;
            if (!keepsCounting)
            {
                Stop();
            }
            else if (_running && value == ApicTimerMode.OneShot)
            {
                // The present period still ends where it would have.
                _start = _time.Nanoseconds - ToNanoseconds(_initialCount - remaining);
                ArmCount(1);
            }
        }
    }

    public uint InitialCount
    {
        get => _initialCount;
        set
        {
            if (_mode == ApicTimerMode.TscDeadline)
            {
                return;
            }

            _initialCount = value;
            Restart();
        }
    }

    public uint DivideConfiguration
    {
        get => _divideConfiguration;
        set
        {
            uint remaining = CurrentCount;
            _divideConfiguration = value & 0b1011;
            if (_running)
            {
                _start = _time.Nanoseconds - ToNanoseconds(_initialCount - remaining);
                ArmCount(1);
            }
        }
    }

    /// <summary>The value of IA32_TSC_DEADLINE; zero when disarmed.</summary>
    public ulong Deadline => _deadline;

    public uint CurrentCount
    {
        get
        {
            if (!_running)
            {
                return 0;
            }

            UInt128 elapsed = ElapsedCounts();
            return _mode == ApicTimerMode.Periodic
                ? _initialCount - (uint)(elapsed % _initialCount)
                : elapsed >= _initialCount ? 0 : _initialCount - (uint)elapsed;
        }
    }

    private uint DivideShift => (((_divideConfiguration & 3) | ((_divideConfiguration >> 1) & 4)) + 1) & 7;

    /// <summary>Writes IA32_TSC_DEADLINE.</summary>
    /// <returns>True when the deadline has already passed: the interrupt is due now.</returns>
    public bool SetDeadline(ulong value)
    {
        if (_mode != ApicTimerMode.TscDeadline)
        {
            return false;
        }

        _deadline = value;
        if (value == 0)
        {
            _timer.Cancel();
            return false;
        }

        if (_tsc.Read() >= value)
        {
            _timer.Cancel();
            _deadline = 0;
            return true;
        }

        _timer.Arm(_tsc.DeadlineOf(value));
        return false;
    }

    /// <summary>To be called when the host timer fires.</summary>
    /// <returns>True when an interrupt is due; false for a firing that a later write has overtaken.</returns>
    public bool Expire()
    {
        if (_mode == ApicTimerMode.TscDeadline)
        {
            if (_deadline == 0)
            {
                return false;
            }

            if (_tsc.Read() < _deadline)
            {
                // At least a nanosecond on, should the conversion have rounded down.
                _timer.Arm(Math.Max(_tsc.DeadlineOf(_deadline), _time.Nanoseconds + 1));
                return false;
            }

            _deadline = 0;
            return true;
        }

        if (!_running)
        {
            return false;
        }

        UInt128 periods = ElapsedCounts() / _initialCount;
        if (periods == 0)
        {
            ArmCount(1);
            return false;
        }

        if (_mode == ApicTimerMode.OneShot)
        {
            _running = false;
        }
        else
        {
            // Periods that passed unseen are one interrupt, as IRR holds only one anyway; counting from the start keeps the phase exact.
            ArmCount(periods + 1, _time.Nanoseconds + MinimumPeriodNanoseconds);
        }

        return true;
    }

    public void Reset()
    {
        Stop();
        _mode = ApicTimerMode.OneShot;
        _initialCount = 0;
        _divideConfiguration = 0;
    }

    private void Restart()
    {
        _running = _initialCount != 0;
        if (_running)
        {
            _start = _time.Nanoseconds;
            ArmCount(1);
        }
        else
        {
            _timer.Cancel();
        }
    }

    private void Stop()
    {
        _running = false;
        _deadline = 0;
        _timer.Cancel();
    }

    private void ArmCount(UInt128 periods, long notBefore = 0) => _timer.Arm(Math.Max(notBefore, _start + ToNanoseconds(_initialCount * periods)));

    private UInt128 ElapsedCounts()
    {
        ulong elapsed = (ulong)Math.Max(0, _time.Nanoseconds - _start);
        return ((UInt128)elapsed * _frequency / NanosecondsPerSecond) >> (int)DivideShift;
    }

    private long ToNanoseconds(UInt128 counts)
    {
        // Rounded up: at the deadline the count has really been reached.
        UInt128 nanoseconds = (((counts << (int)DivideShift) * NanosecondsPerSecond) + (_frequency - 1)) / _frequency;
        return (long)UInt128.Min(nanoseconds, long.MaxValue / 2);
    }
}
