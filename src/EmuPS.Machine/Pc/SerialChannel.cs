using System;
using System.Threading;
using EmuPS.Devices.Serial;
using EmuPS.Machine.Guests;

namespace EmuPS.Machine.Pc;

/// <summary>The host's end of a serial port. What the guest sends is handed on in batches, off the vCPU's thread, so that a slow reader never holds the guest up.</summary>
internal sealed class SerialChannel : IGuestChannel
{
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _deviceLock;
    private readonly object _gate = new();
    private byte[] _pending = new byte[256];
    private byte[] _spare = new byte[256];
    private int _count;
    private bool _delivering;
    private long _sent;
    private long _handedOn;
    private Uart16550? _port;

    /// <inheritdoc/>
    public event Action<ReadOnlyMemory<byte>>? Received;

    /// <summary>Makes a channel that is not connected.</summary>
    /// <param name="deviceLock">The machine's device lock.</param>
    public SerialChannel(Lock deviceLock) => _deviceLock = deviceLock;

    /// <summary>Connects the guest's end, or with null takes it away; what is sent then goes nowhere.</summary>
    /// <param name="port">The serial port, which was made with <see cref="Transmit"/>.</param>
    public void Connect(Uart16550? port)
    {
        lock (_deviceLock)
        {
            _port = port;
        }
    }

    /// <inheritdoc/>
    public void Send(ReadOnlyMemory<byte> bytes)
    {
        lock (_deviceLock)
        {
            _port?.Receive(bytes.Span);
        }
    }

    /// <summary>Takes a byte that the guest sends.</summary>
    /// <param name="value">The byte.</param>
    public void Transmit(byte value)
    {
        lock (_gate)
        {
            if (_count == _pending.Length)
            {
                Array.Resize(ref _pending, 2 * _count);
            }

            _pending[_count++] = value;
            _sent++;
            if (_delivering)
            {
                return;
            }

            _delivering = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static channel => channel.Deliver(), this, preferLocal: false);
    }

    /// <summary>Waits until what the guest has sent so far has been handed on; for a limited time, as a reader may itself wait for the machine's end.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            long wanted = _sent;
            DateTime limit = DateTime.UtcNow + s_drainLimit;
            while (_handedOn < wanted)
            {
                TimeSpan left = limit - DateTime.UtcNow;
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                {
                    return;
                }
            }
        }
    }

    private void Deliver()
    {
        while (true)
        {
            byte[] bytes;
            int count;
            lock (_gate)
            {
                if (_count == 0)
                {
                    _delivering = false;
                    return;
                }

                (bytes, count) = (_pending, _count);
                (_pending, _spare, _count) = (_spare, bytes, 0);
            }

            foreach (Delegate reader in Received?.GetInvocationList() ?? [])
            {
                try
                {
                    ((Action<ReadOnlyMemory<byte>>)reader)(bytes.AsMemory(0, count));
                }
                catch (Exception)
                {
                    // A reader's failure is the reader's; the guest and the other readers go on.
                }
            }

            lock (_gate)
            {
                _handedOn += count;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
