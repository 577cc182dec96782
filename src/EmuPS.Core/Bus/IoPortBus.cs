using System;
using System.Collections.Generic;
using System.Threading;
using EmuPS.Core.Diagnostics;

namespace EmuPS.Core.Bus;

/// <summary>The 64 Ki input/output ports. An access that lies in one mapped range reaches its device whole; one that spans ranges is split into bytes.</summary>
/// <remarks>Unmapped ports float: reads give all ones, writes are dropped; each is counted and reported once. Every access takes the machine's device lock.</remarks>
public sealed class IoPortBus
{
    private readonly Lock _deviceLock;
    private readonly IGuestAnomalySink _anomalies;
    private readonly Mapping?[] _ports = new Mapping?[0x1_0000];

    private sealed record Mapping(ushort First, int Length, IBusDevice Device);

    /// <summary>Makes an empty bus.</summary>
    /// <param name="deviceLock">The machine's device lock.</param>
    /// <param name="anomalies">Hears of accesses that nothing answers.</param>
    public IoPortBus(Lock deviceLock, IGuestAnomalySink anomalies)
    {
        _deviceLock = deviceLock;
        _anomalies = anomalies;
    }

    /// <summary>Places a device.</summary>
    /// <param name="first">First port.</param>
    /// <param name="length">Number of ports, at least 1.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="InvalidOperationException">A port of the range is taken.</exception>
    public void Map(ushort first, int length, IBusDevice device)
    {
        if (!TryMap(first, length, device))
        {
            throw new InvalidOperationException($"Ports 0x{first:x} to 0x{first + length - 1:x} are not free for {device.GetType().Name}.");
        }
    }

    /// <summary>Places a device where a guest wants it.</summary>
    /// <param name="first">First port.</param>
    /// <param name="length">Number of ports, at least 1.</param>
    /// <param name="device">The device.</param>
    /// <returns>False, with nothing changed, when a port of the range is taken or does not exist.</returns>
    public bool TryMap(ushort first, int length, IBusDevice device)
    {
        lock (_deviceLock)
        {
            if (first + length > _ports.Length || Array.Exists(_ports[first..(first + length)], static mapping => mapping is not null))
            {
                return false;
            }

            Mapping mapping = new(first, length, device);
            for (int port = first; port < first + length; port++)
            {
                _ports[port] = mapping;
            }

            return true;
        }
    }

    /// <summary>Takes a device off the bus; ranges that it does not own stay.</summary>
    /// <param name="device">The device.</param>
    public void Unmap(IBusDevice device)
    {
        lock (_deviceLock)
        {
            for (int port = 0; port < _ports.Length; port++)
            {
                if (ReferenceEquals(_ports[port]?.Device, device))
                {
                    _ports[port] = null;
                }
            }
        }
    }

    /// <summary>Reads a port.</summary>
    /// <param name="port">First port of the access.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    public uint Read(ushort port, int size)
    {
        lock (_deviceLock)
        {
            Mapping? mapping = _ports[port];
            if (mapping is not null && port + size <= mapping.First + mapping.Length)
            {
                return (uint)(mapping.Device.Read((ulong)(port - mapping.First), size) & Mask(size));
            }

            if (size == 1)
            {
                _anomalies.Report(GuestAnomaly.UnmappedPortRead, port);
                return 0xFF;
            }

            uint value = 0;
            for (int i = 0; i < size; i++)
            {
                value |= Read((ushort)(port + i), 1) << (8 * i);
            }

            return value;
        }
    }

    /// <summary>Writes a port.</summary>
    /// <param name="port">First port of the access.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">The value.</param>
    public void Write(ushort port, int size, uint value)
    {
        lock (_deviceLock)
        {
            Mapping? mapping = _ports[port];
            if (mapping is not null && port + size <= mapping.First + mapping.Length)
            {
                mapping.Device.Write((ulong)(port - mapping.First), size, value & Mask(size));
                return;
            }

            if (size == 1)
            {
                _anomalies.Report(GuestAnomaly.UnmappedPortWrite, port);
                return;
            }

            for (int i = 0; i < size; i++)
            {
                Write((ushort)(port + i), 1, (value >> (8 * i)) & 0xFF);
            }
        }
    }

    /// <summary>Lists what is mapped, in ascending order, for diagnostics.</summary>
    public IReadOnlyList<(ushort First, int Length, string Name)> Describe()
    {
        List<(ushort, int, string)> list = [];
        lock (_deviceLock)
        {
            Mapping? last = null;
            foreach (Mapping? mapping in _ports)
            {
                if (mapping is not null && !ReferenceEquals(mapping, last))
                {
                    list.Add((mapping.First, mapping.Length, mapping.Device.GetType().Name));
                }

                last = mapping;
            }
        }

        return list;
    }

    private static ulong Mask(int size) => ulong.MaxValue >> (64 - (8 * size));
}
