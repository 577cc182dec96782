using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace EmuPS.Machine.AcpiTables;

/// <summary>All ACPI tables of a machine as one piece of memory, with the root pointer first.</summary>
/// <remarks>It lies in the BIOS area below 1 MiB, where kernels that are not told of the root pointer look for it on every 16th byte.</remarks>
internal sealed class AcpiTableSet
{
    /// <summary>Where the tables begin.</summary>
    public const uint Base = 0xE_0000;

    /// <summary>The first address past the room for tables.</summary>
    public const uint Limit = 0x10_0000;

    /// <summary>Length of the root pointer, which comes first.</summary>
    public const int RootPointerLength = 36;

    private const int FacsLength = 64;
    private const int TableAlignment = 16;

    private readonly List<byte> _memory = [];
    private readonly List<TablePart> _pointers = [];
    private readonly List<TablePart> _pointing = [];

    private AcpiTableSet()
    {
    }

    /// <summary>The guest physical address of the root pointer (RSDP).</summary>
    public uint RootPointer => Base;

    /// <summary>What lies at <see cref="Base"/>.</summary>
    public ReadOnlyMemory<byte> Image => _memory.ToArray();

    /// <summary>Where in the image an address of something else in it stands, and in how many bytes.</summary>
    public IReadOnlyList<TablePart> Pointers => _pointers;

    /// <summary>Where in the image the tables lie that contain such addresses.</summary>
    public IReadOnlyList<TablePart> PointingTables => _pointing;

    /// <summary>Makes the tables.</summary>
    /// <param name="configuration">What the machine has.</param>
    /// <exception cref="InvalidOperationException">They do not fit.</exception>
    public static AcpiTableSet Build(AcpiConfiguration configuration)
    {
        AcpiTableSet set = new();
        set._memory.AddRange(new byte[RootPointerLength]);
        byte[] facs = new byte[FacsLength];
        "FACS"u8.CopyTo(facs);
        facs[4] = FacsLength;
        facs[32] = 1;
        uint facsAddress = set.Place(facs, FacsLength);
        uint dsdt = set.Place(new TableWriter("DSDT", 1).Bytes(DsdtBuilder.Build(configuration)).Finish());

        uint[] fixedTables = [set.PlaceFadt(FixedTables.Fadt(facsAddress, dsdt, configuration.PowerManagement)), set.Place(FixedTables.Madt(configuration)), set.Place(FixedTables.Hpet())];
        uint[] numaTables = configuration.Nodes.Count > 0 ? [set.Place(NumaTables.Srat(configuration)), set.Place(NumaTables.Slit(configuration.Nodes))] : [];

        TableWriter rsdt = new("RSDT", 1);
        TableWriter xsdt = new("XSDT", 1);
        foreach (uint table in (uint[])[.. fixedTables, .. numaTables])
        {
            rsdt.U32(table);
            xsdt.U64(table);
        }

        set.WriteRootPointer(set.PlaceRoot(rsdt.Finish(), sizeof(uint)), set.PlaceRoot(xsdt.Finish(), sizeof(ulong)));
        return set._memory.Count <= Limit - Base
            ? set
            : throw new InvalidOperationException($"The ACPI tables need {set._memory.Count} bytes; there is room for {Limit - Base}.");
    }

    private uint Place(byte[] table, int alignment = TableAlignment)
    {
        while (_memory.Count % alignment != 0)
        {
            _memory.Add(0);
        }

        int offset = _memory.Count;
        _memory.AddRange(table);
        return Base + (uint)offset;
    }

    private uint PlaceFadt(byte[] table)
    {
        uint address = PlacePointing(table);
        AddPointer(address, 36, sizeof(uint));
        AddPointer(address, 40, sizeof(uint));
        AddPointer(address, 132, sizeof(ulong));
        AddPointer(address, 140, sizeof(ulong));
        return address;
    }

    private uint PlaceRoot(byte[] table, int width)
    {
        uint address = PlacePointing(table);
        for (int offset = TableWriter.HeaderLength; offset < table.Length; offset += width)
        {
            AddPointer(address, offset, width);
        }

        return address;
    }

    private uint PlacePointing(byte[] table)
    {
        uint address = Place(table);
        _pointing.Add(new((int)(address - Base), table.Length));
        return address;
    }

    private void AddPointer(uint table, int offset, int width) => _pointers.Add(new((int)(table - Base) + offset, width));

    private void WriteRootPointer(uint rsdt, uint xsdt)
    {
        Span<byte> pointer = CollectionsMarshal.AsSpan(_memory)[..RootPointerLength];
        "RSD PTR "u8.CopyTo(pointer);
        "EMUPS "u8.CopyTo(pointer[9..]);
        pointer[15] = 2;
        BinaryPrimitives.WriteUInt32LittleEndian(pointer[16..], rsdt);
        BinaryPrimitives.WriteUInt32LittleEndian(pointer[20..], RootPointerLength);
        BinaryPrimitives.WriteUInt64LittleEndian(pointer[24..], xsdt);
        AddPointer(Base, 16, sizeof(uint));
        AddPointer(Base, 24, sizeof(ulong));
        pointer[8] = TableWriter.Checksum(pointer[..20]);
        pointer[32] = TableWriter.Checksum(pointer);
    }
}
