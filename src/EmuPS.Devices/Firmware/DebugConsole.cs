using System;
using EmuPS.Devices.Bus;

namespace EmuPS.Devices.Firmware;

/// <summary>Port 0xE9: characters for the emulator's user. Reading gives the port's own number, by which guests find it.</summary>
public sealed class DebugConsole : ByteWideDevice
{
    private readonly Action<byte> _output;

    /// <summary>Makes the port.</summary>
    /// <param name="output">Takes each byte.</param>
    public DebugConsole(Action<byte> output) => _output = output;

    /// <inheritdoc/>
    protected override byte ReadByte(uint offset) => 0xE9;

    /// <inheritdoc/>
    protected override void WriteByte(uint offset, byte value) => _output(value);
}
