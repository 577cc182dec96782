using System;
using System.Threading;
using EmuPS.Core.Bus;
using EmuPS.Core.Lines;

namespace EmuPS.Devices.Interrupts;

/// <summary>The 82093AA IOAPIC: 24 inputs, each turned into a message by its redirection entry. Memory window of 0x1000 at 0xFEC00000.</summary>
public sealed class IoApic : IBusDevice
{
    /// <summary>Number of inputs.</summary>
    public const int Pins = 24;

    private const uint Version = 0x0017_0020;
    private const ulong RemoteRequest = 1UL << 14;
    private const ulong DeliveryStatus = 1UL << 12;
    private const ulong LevelTriggered = 1UL << 15;
    private const ulong Masked = 1UL << 16;
    private readonly Lock _deviceLock;
    private readonly IInterruptMessageSink _sink;
    private readonly Line[] _inputs = new Line[Pins];
    private readonly ulong[] _entries = new ulong[Pins];
    private uint _levels;
    private byte _select;
    private uint _id;

    /// <summary>Makes the chip with all entries masked.</summary>
    /// <param name="sink">Takes the messages.</param>
    /// <param name="deviceLock">The machine's device lock; only the end-of-interrupt broadcast, which comes from a processor, takes it.</param>
    public IoApic(IInterruptMessageSink sink, Lock deviceLock)
    {
        _sink = sink;
        _deviceLock = deviceLock;
        for (int i = 0; i < Pins; i++)
        {
            int pin = i;
            _inputs[i] = new Line(asserted => SetInput(pin, asserted));
        }

        Reset();
    }

    /// <summary>Returns a wire to an input.</summary>
    /// <param name="pin">0 to 23.</param>
    public ILine GetInput(int pin)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)pin, (uint)Pins);
        return _inputs[pin];
    }

    /// <summary>Hears that a processor ended a level-triggered interrupt; inputs that are still asserted are sent again.</summary>
    /// <param name="vector">The vector.</param>
    public void EndOfInterrupt(byte vector)
    {
        lock (_deviceLock)
        {
            for (int pin = 0; pin < Pins; pin++)
            {
                if ((byte)_entries[pin] == vector && (_entries[pin] & (LevelTriggered | RemoteRequest)) == (LevelTriggered | RemoteRequest))
                {
                    _entries[pin] &= ~RemoteRequest;
                    ServiceLevel(pin);
                }
            }
        }
    }

    /// <summary>Puts the chip into its state after power-on. Input levels belong to the devices and stay.</summary>
    public void Reset()
    {
        Array.Fill(_entries, Masked);
        _select = 0;
        _id = 0;
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => (offset & 0xFFF) switch
    {
        0x00 => _select,
        0x10 => ReadSelected(),
        _ => 0,
    };

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        switch (offset & 0xFFF)
        {
            case 0x00:
                _select = (byte)value;
                break;
            case 0x10 when size >= 4:
                WriteSelected((uint)value);
                break;
            case 0x40:
                EndOfInterrupt((byte)value);
                break;
        }
    }

    private uint ReadSelected()
    {
        int pin = (_select - 0x10) >> 1;
        return _select switch
        {
            0x00 => _id,
            0x01 => Version,
            0x02 => _id,
            >= 0x10 when pin < Pins => (uint)(_entries[pin] >> ((_select & 1) * 32)),
            _ => 0,
        };
    }

    private void WriteSelected(uint value)
    {
        if (_select == 0)
        {
            _id = value & 0x0F00_0000;
            return;
        }

        int pin = (_select - 0x10) >> 1;
        if (_select < 0x10 || pin >= Pins)
        {
            return;
        }

        ulong entry = _entries[pin];
        const ulong ReadOnly = DeliveryStatus | RemoteRequest;
        entry = (_select & 1) != 0
            ? (uint)entry | ((ulong)(value & 0xFF00_0000) << 32)
            : (entry & (0xFFFF_FFFF_0000_0000 | ReadOnly)) | (value & 0x1_FFFF & ~ReadOnly);
        if ((entry & LevelTriggered) == 0)
        {
            // Software ends a stuck level interrupt by switching the entry to edge and back.
            entry &= ~RemoteRequest;
        }

        _entries[pin] = entry;
        ServiceLevel(pin);
    }

    private void SetInput(int pin, bool asserted)
    {
        uint bit = 1u << pin;
        if (!asserted)
        {
            _levels &= ~bit;
            return;
        }

        _levels |= bit;
        if ((_entries[pin] & LevelTriggered) != 0)
        {
            ServiceLevel(pin);
        }
        else if ((_entries[pin] & Masked) == 0)
        {
            Send(_entries[pin]);
        }
    }

    private void ServiceLevel(int pin)
    {
        ulong entry = _entries[pin];
        if ((_levels & (1u << pin)) != 0 && (entry & (LevelTriggered | Masked | RemoteRequest)) == LevelTriggered)
        {
            _entries[pin] |= RemoteRequest;
            Send(entry);
        }
    }

    private void Send(ulong entry) => _sink.Deliver(new InterruptMessage(
        (uint)(entry >> 56),
        (entry & (1UL << 11)) != 0,
        (DeliveryMode)((entry >> 8) & 7),
        (byte)entry,
        (entry & LevelTriggered) != 0));
}
