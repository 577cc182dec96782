using System;
using System.Buffers.Binary;

namespace EmuPS.Machine.AcpiTables;

/// <summary>Resource descriptors (ACPI 6.5, 6.4) and the templates that hold them.</summary>
internal static class AmlResources
{
    private const byte FixedMinimum = 0x04;
    private const byte FixedMaximum = 0x08;
    private const byte ProducerFixed = FixedMinimum | FixedMaximum;

    /// <summary>A template: the descriptors and the end tag, as a buffer.</summary>
    public static byte[] Template(params byte[][] descriptors) => Aml.Buffer([.. Aml.Join(descriptors), 0x79, 0x00]);

    /// <summary>Ports with 16-bit decoding.</summary>
    public static byte[] Ports(ushort first, int length) =>
        [0x47, 0x01, (byte)first, (byte)(first >> 8), (byte)first, (byte)(first >> 8), 0x00, (byte)length];

    /// <summary>An edge-triggered, active-high ISA interrupt.</summary>
    public static byte[] Irq(int irq) => [0x22, (byte)(1 << irq), (byte)((1 << irq) >> 8)];

    /// <summary>A fixed range of 32-bit memory, readable and writable.</summary>
    public static byte[] Memory32(uint start, uint length)
    {
        byte[] bytes = [0x86, 0x09, 0x00, 0x01, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), start);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), length);
        return bytes;
    }

    /// <summary>Bus numbers that a bridge passes on.</summary>
    public static byte[] BusNumbers(byte first, byte last) => Address16(kind: 2, ProducerFixed, 0, first, last);

    /// <summary>Ports that a bridge passes on.</summary>
    public static byte[] PortWindow(ushort first, ushort last) => Address16(kind: 1, ProducerFixed, 0x03, first, last);

    /// <summary>Memory below 4 GiB that a bridge passes on.</summary>
    public static byte[] MemoryWindow(uint first, uint last, bool cacheable)
    {
        byte[] bytes = new byte[26];
        Head(bytes, 0x87, kind: 0, ProducerFixed, (byte)(0x01 | (cacheable ? 0x02 : 0)));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(10), first);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(14), last);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(22), last - first + 1);
        return bytes;
    }

    /// <summary>Cacheable memory of a device with 32-bit addresses, to be filled in by AML: minimum at 10, maximum at 14, length at 22.</summary>
    public static byte[] DeviceMemory32()
    {
        byte[] bytes = new byte[26];
        Head(bytes, 0x87, kind: 0, ProducerFixed, 0x03);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(14), uint.MaxValue - 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(22), uint.MaxValue);
        return bytes;
    }

    /// <summary>Cacheable memory of a device with 64-bit addresses, to be filled in by AML: minimum at 14, maximum at 22, length at 38.</summary>
    public static byte[] DeviceMemory64()
    {
        byte[] bytes = new byte[46];
        Head(bytes, 0x8A, kind: 0, ProducerFixed, 0x03);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(22), ulong.MaxValue - 1);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(38), ulong.MaxValue);
        return bytes;
    }

    private static byte[] Address16(byte kind, byte flags, byte specific, ushort first, ushort last)
    {
        byte[] bytes = new byte[16];
        Head(bytes, 0x88, kind, flags, specific);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), first);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), last);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(14), (ushort)(last - first + 1));
        return bytes;
    }

    private static void Head(byte[] bytes, byte tag, byte kind, byte flags, byte specific)
    {
        bytes[0] = tag;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1), (ushort)(bytes.Length - 3));
        bytes[3] = kind;
        bytes[4] = flags;
        bytes[5] = specific;
    }
}
