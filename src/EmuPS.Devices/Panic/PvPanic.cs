using System;
using EmuPS.Core.Bus;

namespace EmuPS.Devices.Panic;

/// <summary>QEMU's pvpanic, one port at 0x505 (docs/specs/pvpanic): the guest's kernel says here that it is about to die.</summary>
public sealed class PvPanic : IBusDevice
{
    /// <summary>The guest panicked.</summary>
    public const byte Panicked = 1;

    /// <summary>The guest panicked, and its crash kernel takes over.</summary>
    public const byte CrashLoaded = 2;

    private readonly byte _events;
    private readonly Action<byte> _report;

    /// <summary>Makes the port.</summary>
    /// <param name="events">What the guest is told that it may report.</param>
    /// <param name="report">Called with what it reports, those bits only that mean something, also without having been told that it may.</param>
    public PvPanic(byte events, Action<byte> report)
    {
        _events = events;
        _report = report;
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => _events;

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        byte known = (byte)(value & (Panicked | CrashLoaded));
        if (known != 0)
        {
            _report(known);
        }
    }
}
