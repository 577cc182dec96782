using System;
using EmuPS.Core.Lines;
using EmuPS.Core.Time;
using EmuPS.Devices.Bus;

namespace EmuPS.Devices.Timers;

/// <summary>The 8254 interval timer: ports 0x40 to 0x43. Counter 0 drives an interrupt wire; counter 2 belongs to the speaker port.</summary>
public sealed class I8254Pit : ByteWideDevice
{
    // A guest that asks for a shorter period gets this one, lest the host's timer thread do nothing else.
    private const long MinimumPeriodNanoseconds = 10_000;
    private readonly ITimerService _time;
    private readonly PitChannel[] _channels;
    private readonly ILine _interrupt;
    private readonly IGuestTimer _timer;

    /// <summary>Makes the chip.</summary>
    /// <param name="time">The machine's timers.</param>
    /// <param name="interrupt">Counter 0's output: ISA interrupt 0, usually by way of the HPET.</param>
    public I8254Pit(ITimerService time, ILine interrupt)
    {
        _time = time;
        _interrupt = interrupt;
        _channels = [new PitChannel(time), new PitChannel(time), new PitChannel(time)];
        _timer = time.CreateTimer("pit", OnRise);
        Reset();
    }

    /// <summary>Counter 2's gate, which the speaker port drives.</summary>
    public bool SpeakerGate
    {
        get => _channels[2].Gate;
        set => _channels[2].SetGate(value);
    }

    /// <summary>Counter 2's output.</summary>
    public bool SpeakerOutput => _channels[2].Output();

    /// <summary>Puts the chip into its state after power-on: no counter counts.</summary>
    public void Reset()
    {
        for (int i = 0; i < _channels.Length; i++)
        {
            _channels[i].Reset(gate: i != 2);
        }

        _timer.Cancel();
        _interrupt.Set(false);
    }

    /// <inheritdoc/>
    protected override byte ReadByte(uint offset) => (offset & 3) == 3 ? (byte)0xFF : _channels[offset & 3].ReadData();

    /// <inheritdoc/>
    protected override void WriteByte(uint offset, byte value)
    {
        offset &= 3;
        if (offset == 3)
        {
            WriteControl(value);
        }
        else if (_channels[offset].WriteData(value) && offset == 0)
        {
            _interrupt.Set(_channels[0].Output());
            Arm();
        }
    }

    private void WriteControl(byte value)
    {
        int selected = value >> 6;
        if (selected == 3)
        {
            ReadBack(value);
            return;
        }

        if ((value & 0x30) == 0)
        {
            _channels[selected].LatchCount();
            return;
        }

        _channels[selected].Configure(value);
        if (selected == 0)
        {
            _interrupt.Set(_channels[0].Output());
            Arm();
        }
    }

    private void ReadBack(byte value)
    {
        for (int i = 0; i < _channels.Length; i++)
        {
            if ((value & (2 << i)) == 0)
            {
                continue;
            }

            if ((value & 0x20) == 0)
            {
                _channels[i].LatchCount();
            }

            if ((value & 0x10) == 0)
            {
                _channels[i].LatchStatus();
            }
        }
    }

    private void OnRise()
    {
        // The low phase is shown only as the moment before the edge: nothing but the edge is observed on this wire.
        _interrupt.Set(false);
        _interrupt.Set(true);
        Arm(_time.Nanoseconds + MinimumPeriodNanoseconds);
    }

    private void Arm(long notBefore = 0)
    {
        if (_channels[0].NextRise() is long deadline)
        {
            _timer.Arm(Math.Max(deadline, notBefore));
        }
        else
        {
            _timer.Cancel();
        }
    }
}
