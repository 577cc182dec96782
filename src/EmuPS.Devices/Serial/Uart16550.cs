using System;
using System.Collections.Generic;
using System.Threading;
using EmuPS.Core.Lines;
using EmuPS.Devices.Bus;

namespace EmuPS.Devices.Serial;

/// <summary>A 16550A serial port: eight ports. What the guest sends leaves at once; what the host sends waits until the guest takes it.</summary>
public sealed class Uart16550 : ByteWideDevice
{
    private const int FifoSize = 16;
    private const byte InterruptReceive = 1;
    private const byte InterruptTransmit = 2;
    private const byte InterruptLine = 4;
    private const byte InterruptModem = 8;
    private const byte DivisorLatch = 0x80;
    private const byte Loopback = 0x10;
    private const byte Out2 = 0x08;
    private const byte TransmitterEmpty = 0x60;
    private const byte Overrun = 0x02;

    private readonly ILine _interrupt;
    private readonly Action<byte> _transmit;
    private readonly Lock _deviceLock;
    private readonly Queue<byte> _backlog = new();
    private readonly Queue<byte> _fifo = new(FifoSize);
    private byte _interruptEnable;
    private byte _lineControl;
    private byte _modemControl;
    private byte _modemDelta;
    private byte _lineErrors;
    private byte _scratch;
    private byte _fifoControl;
    private byte _lastReceived;
    private ushort _divisor;
    private bool _transmitPending;

    /// <summary>Makes the port.</summary>
    /// <param name="interrupt">Its interrupt wire.</param>
    /// <param name="transmit">Takes each byte that the guest sends; called under the device lock.</param>
    /// <param name="deviceLock">The machine's device lock; <see cref="Receive"/> takes it.</param>
    public Uart16550(ILine interrupt, Action<byte> transmit, Lock deviceLock)
    {
        _interrupt = interrupt;
        _transmit = transmit;
        _deviceLock = deviceLock;
        Reset();
    }

    private bool HasFifo => (_fifoControl & 1) != 0;

    private bool IsLoopback => (_modemControl & Loopback) != 0;

    private int TriggerLevel => !HasFifo ? 1 : (_fifoControl >> 6) switch
    {
        0 => 1,
        1 => 4,
        2 => 8,
        _ => 14,
    };

    /// <summary>Sends bytes to the guest. Any number is kept until the guest reads it. Any thread.</summary>
    /// <param name="data">The bytes.</param>
    public void Receive(ReadOnlySpan<byte> data)
    {
        lock (_deviceLock)
        {
            foreach (byte value in data)
            {
                _backlog.Enqueue(value);
            }

            Refill();
            Update();
        }
    }

    /// <summary>Puts the port into its state after power-on. Host input that the guest has not seen stays.</summary>
    public void Reset()
    {
        _fifo.Clear();
        _interruptEnable = 0;
        _lineControl = 0;
        _modemControl = 0;
        _modemDelta = 0;
        _lineErrors = 0;
        _scratch = 0;
        _fifoControl = 0;
        _lastReceived = 0;
        _divisor = 0x0C;
        _transmitPending = false;
        Refill();
        Update();
    }

    /// <inheritdoc/>
    protected override byte ReadByte(uint offset)
    {
        switch (offset & 7)
        {
            case 0 when (_lineControl & DivisorLatch) != 0:
                return (byte)_divisor;
            case 0:
                return TakeReceived();
            case 1:
                return (_lineControl & DivisorLatch) != 0 ? (byte)(_divisor >> 8) : _interruptEnable;
            case 2:
                byte identification = Identify();
                if (identification == 0x02)
                {
                    _transmitPending = false;
                    Update();
                }

                return (byte)(identification | (HasFifo ? 0xC0 : 0));
            case 3:
                return _lineControl;
            case 4:
                return _modemControl;
            case 5:
                byte status = (byte)(TransmitterEmpty | _lineErrors | (_fifo.Count > 0 ? 1 : 0));
                _lineErrors = 0;
                Update();
                return status;
            case 6:
                byte modem = (byte)(ModemInputs() | _modemDelta);
                _modemDelta = 0;
                Update();
                return modem;
            default:
                return _scratch;
        }
    }

    /// <inheritdoc/>
    protected override void WriteByte(uint offset, byte value)
    {
        switch (offset & 7)
        {
            case 0 when (_lineControl & DivisorLatch) != 0:
                _divisor = (ushort)((_divisor & 0xFF00) | value);
                break;
            case 0:
                Transmit(value);
                break;
            case 1 when (_lineControl & DivisorLatch) != 0:
                _divisor = (ushort)((_divisor & 0xFF) | (value << 8));
                break;
            case 1:
                // Enabling the interrupt of a transmitter that is already empty raises it: drivers start sending this way.
                if ((value & ~_interruptEnable & InterruptTransmit) != 0)
                {
                    _transmitPending = true;
                }

                _interruptEnable = (byte)(value & 0x0F);
                break;
            case 2:
                SetFifoControl(value);
                break;
            case 3:
                _lineControl = value;
                break;
            case 4:
                SetModemControl((byte)(value & 0x1F));
                break;
            case 7:
                _scratch = value;
                break;
        }

        Update();
    }

    private byte TakeReceived()
    {
        if (_fifo.TryDequeue(out byte value))
        {
            _lastReceived = value;
            Refill();
            // A fresh edge for what is still there, as the line drops for each byte that is read.
            _interrupt.Set(false);
            Update();
        }

        return _lastReceived;
    }

    private void Transmit(byte value)
    {
        _transmitPending = false;
        Update();
        if (!IsLoopback)
        {
            _transmit(value);
        }
        else if (_fifo.Count < (HasFifo ? FifoSize : 1))
        {
            _fifo.Enqueue(value);
        }
        else
        {
            _lineErrors |= Overrun;
        }

        _transmitPending = true;
    }

    private void SetFifoControl(byte value)
    {
        bool changed = ((value ^ _fifoControl) & 1) != 0;
        if (changed || (value & 3) == 3)
        {
            _fifo.Clear();
        }

        if (changed || (value & 5) == 5)
        {
            _transmitPending = true;
        }

        _fifoControl = (value & 1) != 0 ? (byte)(value & 0xC9) : (byte)0;
        Refill();
    }

    private void SetModemControl(byte value)
    {
        byte before = ModemInputs();
        _modemControl = value;
        byte after = ModemInputs();
        byte changed = (byte)((before ^ after) >> 4);
        // The ring indicator tells only its trailing edge.
        byte ring = (byte)((before & ~after & 0x40) >> 4);
        _modemDelta |= (byte)((changed & 0x0B) | ring);
        Refill();
    }

    /// <summary>CTS, DSR, ring and carrier: a connected peer, or in loopback the own outputs.</summary>
    private byte ModemInputs() => !IsLoopback ? (byte)0xB0 : (byte)(
        ((_modemControl & 0x02) << 3) | ((_modemControl & 0x01) << 5) | ((_modemControl & 0x04) << 4) | ((_modemControl & 0x08) << 4));

    private void Refill()
    {
        int capacity = HasFifo ? FifoSize : 1;
        while (!IsLoopback && _fifo.Count < capacity && _backlog.TryDequeue(out byte value))
        {
            _fifo.Enqueue(value);
        }
    }

    private byte Identify()
    {
        if ((_interruptEnable & InterruptLine) != 0 && _lineErrors != 0)
        {
            return 0x06;
        }

        if ((_interruptEnable & InterruptReceive) != 0 && _fifo.Count > 0)
        {
            // Below the trigger level the character timeout speaks; it comes without delay.
            return _fifo.Count >= TriggerLevel ? (byte)0x04 : (byte)0x0C;
        }

        if ((_interruptEnable & InterruptTransmit) != 0 && _transmitPending)
        {
            return 0x02;
        }

        return (_interruptEnable & InterruptModem) != 0 && _modemDelta != 0 ? (byte)0x00 : (byte)0x01;
    }

    private void Update() => _interrupt.Set((_modemControl & (Out2 | Loopback)) == Out2 && Identify() != 0x01);
}
