using System;
using EmuPS.Core.Bus;
using EmuPS.Core.Lines;
using EmuPS.Core.Time;

namespace EmuPS.Devices.Acpi;

/// <summary>The PIIX4's ACPI registers: PM1 block, power management timer, general-purpose events and the SMI command port. They drive the SCI, a level.</summary>
public sealed class AcpiPowerManagement
{
    private const ulong TimerFrequency = 3_579_545;
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private const uint TimerMask = 0xFF_FFFF;
    private const ulong TimerHalfRange = 0x80_0000;
    private const ushort TimerStatus = 1 << 0;
    private const ushort PowerButton = 1 << 8;
    private const ushort WakeStatus = 1 << 15;
    private const ushort StatusWritable = 0x8731;
    private const ushort EnableWritable = 0x0721;
    private const ushort SciEnable = 1;
    private const ushort SleepEnable = 1 << 13;
    private const byte CommandEnable = 0xF1;
    private const byte CommandDisable = 0xF0;

    private readonly ITimerService _time;
    private readonly ILine _sci;
    private readonly Action<int> _sleepRequested;
    private readonly IGuestTimer _overflow;
    private readonly byte[] _generalStatus = new byte[2];
    private readonly byte[] _generalEnable = new byte[2];
    private readonly byte[] _command = new byte[2];
    private ushort _status;
    private ushort _enable;
    private ushort _control;
    private ulong _seenHalves;

    /// <summary>Makes the registers.</summary>
    /// <param name="time">The machine's timers.</param>
    /// <param name="sci">The system control interrupt: interrupt 9, level triggered, active high.</param>
    /// <param name="sleepRequested">Called with the sleep type (0 is soft-off in this machine's DSDT) when the guest enters a sleep state.</param>
    public AcpiPowerManagement(ITimerService time, ILine sci, Action<int> sleepRequested)
    {
        _time = time;
        _sci = sci;
        _sleepRequested = sleepRequested;
        _overflow = time.CreateTimer("acpi-pm", Update);
        Registers = new RegisterBlock(this);
        GeneralEvents = new GeneralEventBlock(this);
        SmiCommand = new SmiCommandPorts(this);
        Reset();
    }

    /// <summary>The block at the power management base (0x600), 0x40 ports: PM1 event, PM1 control, timer.</summary>
    public IBusDevice Registers { get; }

    /// <summary>The general-purpose event block (0xAFE0), 4 ports: status, then enable.</summary>
    public IBusDevice GeneralEvents { get; }

    /// <summary>Ports 0xB2 and 0xB3.</summary>
    public IBusDevice SmiCommand { get; }

    /// <summary>True when the guest has taken power management into its hands.</summary>
    public bool IsAcpiEnabled => (_control & SciEnable) != 0;

    // Whole seconds apart: the product of all nanoseconds would not fit.
    private ulong Ticks
    {
        get
        {
            (ulong seconds, ulong rest) = Math.DivRem((ulong)_time.Nanoseconds, NanosecondsPerSecond);
            return (seconds * TimerFrequency) + (rest * TimerFrequency / NanosecondsPerSecond);
        }
    }

    /// <summary>Raises a general-purpose event. Called under the device lock.</summary>
    /// <param name="bit">0 to 15; 3 is memory hotplug.</param>
    public void RaiseGpe(int bit)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bit, 15u);
        _generalStatus[bit >> 3] |= (byte)(1 << (bit & 7));
        Update();
    }

    /// <summary>Whether the guest has enabled a general-purpose event. Called under the device lock.</summary>
    /// <param name="bit">0 to 15.</param>
    public bool IsGpeEnabled(int bit) => (_generalEnable[bit >> 3] & (1 << (bit & 7))) != 0;

    /// <summary>Whether a general-purpose event was raised that the guest has not cleared. Called under the device lock.</summary>
    /// <param name="bit">0 to 15.</param>
    public bool IsGpeRaised(int bit) => (_generalStatus[bit >> 3] & (1 << (bit & 7))) != 0;

    /// <summary>Presses the power button. Called under the device lock.</summary>
    public void PressPowerButton()
    {
        _status |= PowerButton;
        Update();
    }

    /// <summary>Tells the guest, after a sleep, that it was woken. Called under the device lock.</summary>
    public void Wake()
    {
        _status |= WakeStatus;
        Update();
    }

    /// <summary>Puts the registers into their state after power-on. What hotplug controllers hold is theirs and stays.</summary>
    public void Reset()
    {
        _status = 0;
        _enable = 0;
        _control = 0;
        Array.Clear(_generalStatus);
        Array.Clear(_generalEnable);
        Array.Clear(_command);
        _seenHalves = Ticks / TimerHalfRange;
        Update();
    }

    /// <summary>Sets the timer's status when its top bit has changed since the last look.</summary>
    private void ObserveTimer()
    {
        ulong halves = Ticks / TimerHalfRange;
        if (halves != _seenHalves)
        {
            _seenHalves = halves;
            _status |= TimerStatus;
        }
    }

    private void Update()
    {
        ObserveTimer();
        bool general = (_generalStatus[0] & _generalEnable[0]) != 0 || (_generalStatus[1] & _generalEnable[1]) != 0;
        _sci.Set((_status & _enable & EnableWritable) != 0 || general);
        if ((_enable & TimerStatus) != 0 && (_status & TimerStatus) == 0)
        {
            (ulong seconds, ulong rest) = Math.DivRem((_seenHalves + 1) * TimerHalfRange, TimerFrequency);
            _overflow.Arm((long)((seconds * NanosecondsPerSecond) + (((rest * NanosecondsPerSecond) + (TimerFrequency - 1)) / TimerFrequency)));
        }
        else
        {
            _overflow.Cancel();
        }
    }

    private void WriteControl(ushort value)
    {
        _control = (ushort)((value & ~SleepEnable & ~SciEnable) | (_control & SciEnable));
        if ((value & SleepEnable) != 0)
        {
            _sleepRequested((value >> 10) & 7);
        }
    }

    private void WriteCommand(byte value)
    {
        _command[0] = value;
        if (value == CommandEnable)
        {
            _control |= SciEnable;
        }
        else if (value == CommandDisable)
        {
            _control &= unchecked((ushort)~SciEnable);
        }
    }

    private sealed class RegisterBlock(AcpiPowerManagement owner) : IBusDevice
    {
        public ulong Read(ulong offset, int size)
        {
            owner.Update();
            ulong low = owner._status | ((ulong)owner._enable << 16) | ((ulong)owner._control << 32);
            int shift = (int)(offset & 7) * 8;
            return offset switch
            {
                < 8 => low >> shift,
                < 12 => (owner.Ticks & TimerMask) >> shift,
                _ => 0,
            };
        }

        public void Write(ulong offset, int size, ulong value)
        {
            if (offset > 7)
            {
                return;
            }

            // The written bytes in their places in the eight-byte block.
            int shift = (int)offset * 8;
            ulong mask = (ulong.MaxValue >> (64 - (8 * size))) << shift;
            ulong bits = value << shift;
            owner.ObserveTimer();
            owner._status &= (ushort)~(bits & mask & StatusWritable);
            owner._enable = (ushort)((owner._enable & ~(mask >> 16)) | ((bits & mask) >> 16 & EnableWritable));
            if ((mask & 0xFFFF_0000_0000) != 0)
            {
                owner.WriteControl((ushort)((owner._control & ~(mask >> 32)) | ((bits & mask) >> 32)));
            }

            owner.Update();
        }
    }

    private sealed class GeneralEventBlock(AcpiPowerManagement owner) : Bus.ByteWideDevice
    {
        protected override byte ReadByte(uint offset) => offset switch
        {
            < 2 => owner._generalStatus[offset],
            < 4 => owner._generalEnable[offset - 2],
            _ => 0,
        };

        protected override void WriteByte(uint offset, byte value)
        {
            if (offset < 2)
            {
                owner._generalStatus[offset] &= (byte)~value;
            }
            else if (offset < 4)
            {
                owner._generalEnable[offset - 2] = value;
            }

            owner.Update();
        }
    }

    private sealed class SmiCommandPorts(AcpiPowerManagement owner) : Bus.ByteWideDevice
    {
        protected override byte ReadByte(uint offset) => owner._command[offset & 1];

        protected override void WriteByte(uint offset, byte value)
        {
            if ((offset & 1) == 0)
            {
                owner.WriteCommand(value);
            }
            else
            {
                owner._command[1] = value;
            }
        }
    }
}
