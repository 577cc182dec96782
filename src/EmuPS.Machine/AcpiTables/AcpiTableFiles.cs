using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace EmuPS.Machine.AcpiTables;

/// <summary>The tables for firmware, which puts them where it likes: two files, and a script that says how to join them, in the format of QEMU's <c>etc/table-loader</c>.</summary>
/// <remarks>A command of the script has 128 bytes: its number, then names of files, padded with zeros to 56 bytes, and numbers, little-endian. An address in a file is an offset until firmware adds where the other file lies.</remarks>
internal sealed class AcpiTableFiles
{
    /// <summary>Name of <see cref="RootPointer"/>.</summary>
    public const string RootPointerName = "etc/acpi/rsdp";

    /// <summary>Name of <see cref="Tables"/>.</summary>
    public const string TablesName = "etc/acpi/tables";

    /// <summary>Name of <see cref="Script"/>.</summary>
    public const string ScriptName = "etc/table-loader";

    private const int CommandLength = 128;
    private const int NameLength = 56;
    private const uint Allocate = 1;
    private const uint AddPointer = 2;
    private const uint AddChecksum = 3;
    private const byte AnywhereBelow4G = 1;
    private const byte BiosArea = 2;
    private const int TablesAlignment = 64;
    private const int RootPointerAlignment = 16;
    private const int TableChecksum = 9;
    private const int RootPointerChecksum = 8;
    private const int RootPointerExtendedChecksum = 32;
    private const int RootPointerFirstLength = 20;

    private readonly byte[] _image;
    private readonly List<byte> _script = [];

    /// <summary>Takes tables apart.</summary>
    /// <param name="set">The tables, at the addresses where they lie without firmware.</param>
    public AcpiTableFiles(AcpiTableSet set)
    {
        _image = set.Image.ToArray();
        AddAllocation(RootPointerName, RootPointerAlignment, BiosArea);
        AddAllocation(TablesName, TablesAlignment, AnywhereBelow4G);
        foreach ((int offset, int size) in set.Pointers)
        {
            MakeRelative(offset);
            (string file, uint within) = Place(offset);
            Command(AddPointer, [.. Name(file), .. Name(TablesName), .. BitConverter.GetBytes(within), (byte)size]);
        }

        foreach ((int start, int length) in set.PointingTables)
        {
            AddSum(start, length, start + TableChecksum);
        }

        // The second sum of the root pointer covers the first.
        AddSum(0, RootPointerFirstLength, RootPointerChecksum);
        AddSum(0, AcpiTableSet.RootPointerLength, RootPointerExtendedChecksum);
    }

    /// <summary>The root pointer.</summary>
    public byte[] RootPointer => _image[..AcpiTableSet.RootPointerLength];

    /// <summary>All tables.</summary>
    public byte[] Tables => [.. new byte[AcpiTableSet.RootPointerLength], .. _image[AcpiTableSet.RootPointerLength..]];

    /// <summary>What firmware does with them.</summary>
    public byte[] Script => [.. _script];

    private static (string File, uint Offset) Place(int offset) =>
        offset < AcpiTableSet.RootPointerLength ? (RootPointerName, (uint)offset) : (TablesName, (uint)offset);

    private static byte[] Name(string file) => [.. Encoding.ASCII.GetBytes(file), .. Enumerable.Repeat((byte)0, NameLength - file.Length)];

    private void AddAllocation(string file, int alignment, byte zone) => Command(Allocate, [.. Name(file), .. BitConverter.GetBytes(alignment), zone]);

    private void AddSum(int start, int length, int at)
    {
        _image[at] = 0;
        (string file, uint offset) = Place(start);
        Command(AddChecksum, [.. Name(file), .. BitConverter.GetBytes(Place(at).Offset), .. BitConverter.GetBytes(offset), .. BitConverter.GetBytes(length)]);
    }

    private void MakeRelative(int offset)
    {
        // No address has more than 32 bits; the upper half of a wide one is zero already.
        Span<byte> pointer = _image.AsSpan(offset, sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(pointer, BinaryPrimitives.ReadUInt32LittleEndian(pointer) - AcpiTableSet.Base);
    }

    private void Command(uint number, byte[] arguments)
    {
        _script.AddRange(BitConverter.GetBytes(number));
        _script.AddRange(arguments);
        _script.AddRange(new byte[CommandLength - sizeof(uint) - arguments.Length]);
    }
}
