using System;
using EmuPS.Devices.Bus;

namespace EmuPS.Devices.Firmware;

/// <summary>System control port A, port 0x92: a quick way to the A20 gate and to a processor reset.</summary>
public sealed class FastA20 : ByteWideDevice
{
    private const byte Gate = 2;
    private readonly Action _reset;
    private readonly Action<bool> _a20;
    private byte _value;

    /// <summary>Makes the port.</summary>
    /// <param name="reset">Called on a rising edge of the reset bit.</param>
    /// <param name="a20">Called with the level of the A20 gate when the guest writes it.</param>
    public FastA20(Action reset, Action<bool> a20)
    {
        _reset = reset;
        _a20 = a20;
        Reset();
    }

    /// <summary>Puts the port into its state after power-on, with A20 open.</summary>
    public void Reset() => _value = Gate;

    /// <inheritdoc/>
    protected override byte ReadByte(uint offset) => _value;

    /// <inheritdoc/>
    protected override void WriteByte(uint offset, byte value)
    {
        bool resets = (value & ~_value & 1) != 0;
        _value = value;
        _a20((value & Gate) != 0);
        if (resets)
        {
            _reset();
        }
    }
}
