using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace EmuPS.Machine.AcpiTables;

/// <summary>Writes one table: the common header, then fields in order, then the checksum.</summary>
internal sealed class TableWriter
{
    /// <summary>Length of the header that all tables but RSDP and FACS share (ACPI 6.5, 5.2.6).</summary>
    public const int HeaderLength = 36;

    private readonly List<byte> _bytes = [];

    /// <summary>Begins a table.</summary>
    /// <param name="signature">Four characters.</param>
    /// <param name="revision">The table's revision.</param>
    public TableWriter(string signature, byte revision)
    {
        Ascii(signature, 4);
        U32(0).U8(revision).U8(0);
        Ascii("EMUPS", 6);
        Ascii("EMUPSPC", 8);
        U32(1);
        Ascii("EMPS", 4);
        U32(1);
    }

    /// <summary>Appends a byte.</summary>
    public TableWriter U8(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    /// <summary>Appends two bytes.</summary>
    public TableWriter U16(ushort value) => U8((byte)value).U8((byte)(value >> 8));

    /// <summary>Appends four bytes.</summary>
    public TableWriter U32(uint value) => U16((ushort)value).U16((ushort)(value >> 16));

    /// <summary>Appends eight bytes.</summary>
    public TableWriter U64(ulong value) => U32((uint)value).U32((uint)(value >> 32));

    /// <summary>Appends zeros up to an offset from the start of the table.</summary>
    public TableWriter PadTo(int offset)
    {
        while (_bytes.Count < offset)
        {
            _bytes.Add(0);
        }

        return this;
    }

    /// <summary>Appends bytes.</summary>
    public TableWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Appends a generic address of a register in port space (ACPI 6.5, 5.2.3.2).</summary>
    /// <param name="port">The first port; nothing is there when it is 0.</param>
    /// <param name="bits">Width in bits.</param>
    public TableWriter Port(ushort port, byte bits) => port == 0 ? U64(0).U32(0) : U8(1).U8(bits).U8(0).U8(0).U64(port);

    /// <summary>Fills in length and checksum and gives the table.</summary>
    public byte[] Finish()
    {
        byte[] table = [.. _bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4), (uint)table.Length);
        table[9] = Checksum(table);
        return table;
    }

    /// <summary>The byte that makes the sum of all bytes zero.</summary>
    public static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return (byte)-sum;
    }

    private void Ascii(string text, int length)
    {
        byte[] padded = new byte[length];
        Array.Fill(padded, (byte)' ');
        Encoding.ASCII.GetBytes(text, padded);
        _bytes.AddRange(padded);
    }
}
