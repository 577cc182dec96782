using System;
using EmuPS.Devices.Bus;

namespace EmuPS.Devices.Firmware;

/// <summary>The PIIX3 reset control register, port 0xCF9. It lies within the PCI address port, which passes byte accesses on.</summary>
public sealed class ResetControl : ByteWideDevice
{
    private const byte ResetProcessor = 4;
    private const byte HardReset = 2;
    private readonly Action _reset;
    private byte _value;

    /// <summary>Makes the register.</summary>
    /// <param name="reset">Called when the guest asks for a reset.</param>
    public ResetControl(Action reset) => _reset = reset;

    /// <summary>Puts the register into its state after power-on.</summary>
    public void Reset() => _value = 0;

    /// <inheritdoc/>
    protected override byte ReadByte(uint offset) => _value;

    /// <inheritdoc/>
    protected override void WriteByte(uint offset, byte value)
    {
        if ((value & ResetProcessor) != 0)
        {
            _reset();
            return;
        }

        _value = (byte)(value & HardReset);
    }
}
