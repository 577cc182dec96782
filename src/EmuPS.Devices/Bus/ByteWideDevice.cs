using EmuPS.Core.Bus;

namespace EmuPS.Devices.Bus;

/// <summary>A device on an eight-bit bus: wider accesses arrive as several bytes in ascending order.</summary>
public abstract class ByteWideDevice : IBusDevice
{
    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = 0;
        for (int i = 0; i < size; i++)
        {
            value |= (ulong)ReadByte((uint)offset + (uint)i) << (8 * i);
        }

        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        for (int i = 0; i < size; i++)
        {
            WriteByte((uint)offset + (uint)i, (byte)(value >> (8 * i)));
        }
    }

    /// <summary>Reads one register.</summary>
    /// <param name="offset">Offset from the start of the range.</param>
    protected abstract byte ReadByte(uint offset);

    /// <summary>Writes one register.</summary>
    /// <param name="offset">Offset from the start of the range.</param>
    /// <param name="value">The value.</param>
    protected abstract void WriteByte(uint offset, byte value);
}
