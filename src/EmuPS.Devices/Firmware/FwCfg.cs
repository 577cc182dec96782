using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using EmuPS.Core.Bus;
using EmuPS.Core.Memory;

namespace EmuPS.Devices.Firmware;

/// <summary>QEMU's firmware configuration device: numbered items and named files that the guest reads by port or by DMA.</summary>
public sealed class FwCfg
{
    private const ushort KeySignature = 0x00;
    private const ushort KeyId = 0x01;
    private const ushort KeyDirectory = 0x19;
    private const ushort FirstFile = 0x20;
    private const int NameSize = 56;
    private const uint FeatureTraditional = 1;
    private const uint FeatureDma = 2;
    private const uint DmaError = 1;
    private const uint DmaRead = 2;
    private const uint DmaSkip = 4;
    private const uint DmaSelect = 8;
    private const uint DmaWrite = 16;
    private const ulong DmaSignature = 0x5145_4D55_2043_4647;
    private const int ChunkSize = 4096;

    private readonly IGuestMemory _memory;
    private readonly Dictionary<int, byte[]> _items = [];
    private readonly Dictionary<int, Func<byte[]>> _makers = [];
    private readonly List<NamedItem> _files = [];
    private ushort _selected;
    private long _position;
    private uint _dmaHigh;

    /// <summary>Makes the device with its signature, identification and empty directory.</summary>
    /// <param name="memory">Guest RAM, for DMA.</param>
    public FwCfg(IGuestMemory memory)
    {
        _memory = memory;
        AddItem(KeySignature, "QEMU"u8.ToArray());
        byte[] id = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(id, FeatureTraditional | FeatureDma);
        AddItem(KeyId, id);
        BuildDirectory();
        Ports = new SelectorAndData(this);
        Dma = new DmaRegister(this);
    }

    /// <summary>Two ports at 0x510: selector (a word) and, one port on, data (bytes).</summary>
    public IBusDevice Ports { get; }

    /// <summary>Eight ports at 0x514: the big-endian address of a DMA command.</summary>
    public IBusDevice Dma { get; }

    /// <summary>Adds or replaces a numbered item.</summary>
    /// <param name="key">The selector value.</param>
    /// <param name="data">Its bytes.</param>
    public void AddItem(ushort key, byte[] data) => _items[key] = data;

    /// <summary>Adds a file, or replaces the one of that name.</summary>
    /// <param name="name">At most 55 ASCII characters, for example <c>etc/e820</c>.</param>
    /// <param name="data">Its bytes.</param>
    public void AddFile(string name, byte[] data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(name.Length, NameSize, nameof(name));
        int index = _files.FindIndex(file => file.Name == name);
        ushort key = index >= 0 ? _files[index].Key : (ushort)(FirstFile + _files.Count);
        if (index < 0)
        {
            _files.Add(new(name, key));
        }

        _items[key] = data;
        BuildDirectory();
    }

    /// <summary>Adds a file whose contents depend on the machine's state at the moment when the guest selects it.</summary>
    /// <param name="name">As of <see cref="AddFile(string, byte[])"/>.</param>
    /// <param name="make">Makes the bytes, always as many; called under the device lock.</param>
    public void AddFile(string name, Func<byte[]> make)
    {
        AddFile(name, make());
        _makers[_files[_files.FindIndex(file => file.Name == name)].Key] = make;
    }

    /// <summary>Puts the selector into its state after power-on; items stay.</summary>
    public void Reset()
    {
        Select(KeySignature);
        _dmaHigh = 0;
    }

    private void BuildDirectory()
    {
        byte[] directory = new byte[4 + (_files.Count * 64)];
        BinaryPrimitives.WriteUInt32BigEndian(directory, (uint)_files.Count);
        for (int i = 0; i < _files.Count; i++)
        {
            Span<byte> entry = directory.AsSpan(4 + (i * 64), 64);
            BinaryPrimitives.WriteUInt32BigEndian(entry, (uint)_items[_files[i].Key].Length);
            BinaryPrimitives.WriteUInt16BigEndian(entry[4..], _files[i].Key);
            Encoding.ASCII.GetBytes(_files[i].Name, entry[8..]);
        }

        _items[KeyDirectory] = directory;
    }

    private void Select(ushort key)
    {
        _selected = key;
        _position = 0;
        if (_makers.TryGetValue(key, out Func<byte[]>? make))
        {
            _items[key] = make();
        }
    }

    private byte ReadByte()
    {
        if (!_items.TryGetValue(_selected, out byte[]? item) || _position >= item.Length)
        {
            return 0;
        }

        return item[_position++];
    }

    private void RunDma(ulong address)
    {
        Span<byte> command = stackalloc byte[16];
        if (!_memory.TryRead(address, command))
        {
            return;
        }

        uint control = BinaryPrimitives.ReadUInt32BigEndian(command);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(command[4..]);
        ulong target = BinaryPrimitives.ReadUInt64BigEndian(command[8..]);
        if ((control & DmaSelect) != 0)
        {
            Select((ushort)(control >> 16));
        }

        // Nothing here is writable by the guest.
        bool failed = (control & (DmaRead | DmaWrite | DmaSkip)) switch
        {
            0 => false,
            DmaSkip => Skip(length),
            uint kind => (kind & DmaRead) == 0 || !TryCopyTo(target, length),
        };
        BinaryPrimitives.WriteUInt32BigEndian(command, failed ? DmaError : 0);
        _memory.TryWrite(address, command[..4]);
    }

    private bool Skip(uint length)
    {
        _position += length;
        return false;
    }

    private bool TryCopyTo(ulong target, uint length)
    {
        byte[] item = _items.GetValueOrDefault(_selected) ?? [];
        byte[] zeros = new byte[ChunkSize];
        while (length > 0)
        {
            ReadOnlySpan<byte> source = _position < item.Length ? item.AsSpan((int)_position) : zeros;
            int count = (int)Math.Min((uint)Math.Min(source.Length, ChunkSize), length);
            if (!_memory.TryWrite(target, source[..count]))
            {
                return false;
            }

            _position += count;
            target += (ulong)count;
            length -= (uint)count;
        }

        return true;
    }

    private sealed record NamedItem(string Name, ushort Key);

    private sealed class SelectorAndData(FwCfg owner) : IBusDevice
    {
        public ulong Read(ulong offset, int size) => offset == 1 ? owner.ReadByte() : owner._selected;

        public void Write(ulong offset, int size, ulong value)
        {
            if (offset == 0 && size == 2)
            {
                owner.Select((ushort)value);
            }
        }
    }

    private sealed class DmaRegister(FwCfg owner) : IBusDevice
    {
        public ulong Read(ulong offset, int size)
        {
            // The signature in big-endian byte order.
            ulong bytes = BinaryPrimitives.ReverseEndianness(DmaSignature);
            return offset < 8 ? bytes >> (int)(8 * offset) : 0;
        }

        public void Write(ulong offset, int size, ulong value)
        {
            if (size == 4 && offset == 0)
            {
                owner._dmaHigh = BinaryPrimitives.ReverseEndianness((uint)value);
            }
            else if (size == 4 && offset == 4)
            {
                ulong address = ((ulong)owner._dmaHigh << 32) | BinaryPrimitives.ReverseEndianness((uint)value);
                owner._dmaHigh = 0;
                owner.RunDma(address);
            }
        }
    }
}
