using System;
using System.Buffers.Binary;

namespace EmuPS.Devices.Pci;

/// <summary>A PCI function: 256 bytes of configuration space, of which the guest can change the bits that the masks allow.</summary>
public abstract class PciDevice
{
    /// <summary>Size of the configuration space in bytes.</summary>
    public const int ConfigurationSize = 256;

    private const int BarOffset = 0x10;
    private const int BarCount = 6;
    private readonly byte[] _space = new byte[ConfigurationSize];
    private readonly byte[] _initial = new byte[ConfigurationSize];
    private readonly byte[] _writable = new byte[ConfigurationSize];
    private readonly uint[] _barSizes = new uint[BarCount];

    /// <summary>Fills in the identification.</summary>
    /// <param name="vendor">Vendor id.</param>
    /// <param name="device">Device id.</param>
    /// <param name="revision">Revision.</param>
    /// <param name="classCode">Class, subclass and programming interface, 24 bits.</param>
    protected PciDevice(ushort vendor, ushort device, byte revision, uint classCode)
    {
        DefineWord(0x00, vendor);
        DefineWord(0x02, device);
        DefineWord(0x04, 0, writable: 0x0547);
        Define(0x08, revision);
        Define(0x09, (byte)classCode);
        DefineWord(0x0A, (ushort)(classCode >> 8));
        Define(0x0C, 0, writable: 0xFF);
        Define(0x0D, 0, writable: 0xFF);
        Define(0x3C, 0, writable: 0xFF);

        // QEMU's subsystem identification.
        DefineWord(0x2C, 0x1AF4);
        DefineWord(0x2E, 0x1100);
    }

    /// <summary>Puts the configuration space into its state after firmware has set it up.</summary>
    public virtual void Reset()
    {
        _initial.CopyTo(_space, 0);
        for (int offset = 0; offset < ConfigurationSize; offset++)
        {
            ConfigurationWritten(offset);
        }
    }

    /// <summary>Reads configuration space; an access never crosses a doubleword.</summary>
    /// <param name="offset">0 to 255.</param>
    /// <param name="size">1, 2 or 4.</param>
    public uint ReadConfiguration(int offset, int size)
    {
        uint value = 0;
        for (int i = 0; i < size && offset + i < ConfigurationSize; i++)
        {
            value |= (uint)_space[offset + i] << (8 * i);
        }

        return value;
    }

    /// <summary>Writes configuration space; read-only bits stay.</summary>
    /// <param name="offset">0 to 255.</param>
    /// <param name="size">1, 2 or 4.</param>
    /// <param name="value">The value.</param>
    public void WriteConfiguration(int offset, int size, uint value)
    {
        for (int i = 0; i < size && offset + i < ConfigurationSize; i++)
        {
            int index = offset + i;
            byte mask = _writable[index];
            _space[index] = (byte)((_space[index] & ~mask) | ((byte)(value >> (8 * i)) & mask));
            ConfigurationWritten(index);
        }
    }

    /// <summary>The address in a base address register, without its type bits.</summary>
    /// <param name="index">0 to 5.</param>
    public uint GetBar(int index)
    {
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(_space.AsSpan(BarOffset + (index * 4)));
        return value & ~(_barSizes[index] - 1);
    }

    /// <summary>Called after a byte of configuration space may have changed.</summary>
    /// <param name="offset">Which one.</param>
    protected virtual void ConfigurationWritten(int offset)
    {
    }

    /// <summary>Defines a byte of configuration space.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="value">Its value after reset.</param>
    /// <param name="writable">Which bits the guest can change.</param>
    protected void Define(int offset, byte value, byte writable = 0)
    {
        _initial[offset] = value;
        _space[offset] = value;
        _writable[offset] = writable;
    }

    /// <summary>Defines a word of configuration space.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="value">Its value after reset.</param>
    /// <param name="writable">Which bits the guest can change.</param>
    protected void DefineWord(int offset, ushort value, ushort writable = 0)
    {
        Define(offset, (byte)value, (byte)writable);
        Define(offset + 1, (byte)(value >> 8), (byte)(writable >> 8));
    }

    /// <summary>Defines a base address register. Address bits below the size read as zero, which is how the guest learns the size.</summary>
    /// <param name="index">0 to 5.</param>
    /// <param name="size">A power of two, at least 16.</param>
    /// <param name="isPort">True for the port space, false for memory.</param>
    protected void DefineBar(int index, uint size, bool isPort)
    {
        _barSizes[index] = size;
        uint writable = ~(size - 1);
        int offset = BarOffset + (index * 4);
        DefineWord(offset, isPort ? (ushort)1 : (ushort)0, (ushort)writable);
        DefineWord(offset + 2, 0, (ushort)(writable >> 16));
    }
}
