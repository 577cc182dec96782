using System;
using EmuPS.Core.Bus;

namespace EmuPS.Devices.Firmware;

/// <summary>QEMU's isa-debug-exit, four ports at 0xF4: a test program ends the machine by writing a value here.</summary>
public sealed class IsaDebugExit : IBusDevice
{
    private readonly Action<uint> _exit;

    /// <summary>Makes the port.</summary>
    /// <param name="exit">Called with the written value; QEMU's exit status would be twice that plus one.</param>
    public IsaDebugExit(Action<uint> exit) => _exit = exit;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => 0;

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value) => _exit((uint)value);
}
