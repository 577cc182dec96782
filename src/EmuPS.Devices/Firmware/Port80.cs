using System;
using EmuPS.Devices.Bus;

namespace EmuPS.Devices.Firmware;

/// <summary>Port 0x80: the progress codes of firmware. Kernels also write it to let an I/O cycle pass.</summary>
public sealed class Port80 : ByteWideDevice
{
    private readonly Action<byte>? _written;

    /// <summary>Makes the port.</summary>
    /// <param name="written">Called with each code, if anyone wants to know.</param>
    public Port80(Action<byte>? written = null) => _written = written;

    /// <summary>The code that was written last.</summary>
    public byte Code { get; private set; }

    /// <summary>Forgets the code.</summary>
    public void Reset() => Code = 0;

    /// <inheritdoc/>
    protected override byte ReadByte(uint offset) => 0xFF;

    /// <inheritdoc/>
    protected override void WriteByte(uint offset, byte value)
    {
        Code = value;
        _written?.Invoke(value);
    }
}
