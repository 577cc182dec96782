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

    private const int RootPointerLength = 36;
    private const int FacsLength = 64;
    private const int TableAlignment = 16;

    private readonly List<byte> _memory = [];

    private AcpiTableSet()
    {
    }

    /// <summary>The guest physical address of the root pointer (RSDP).</summary>
    public uint RootPointer => Base;

    /// <summary>What lies at <see cref="Base"/>.</summary>
    public ReadOnlyMemory<byte> Image => _memory.ToArray();

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

        uint[] fixedTables = [set.Place(FixedTables.Fadt(facsAddress, dsdt)), set.Place(FixedTables.Madt(configuration)), set.Place(FixedTables.Hpet())];
        uint[] numaTables = configuration.Nodes.Count > 0 ? [set.Place(NumaTables.Srat(configuration)), set.Place(NumaTables.Slit(configuration.Nodes))] : [];

        TableWriter rsdt = new("RSDT", 1);
        TableWriter xsdt = new("XSDT", 1);
        foreach (uint table in (uint[])[.. fixedTables, .. numaTables])
        {
            rsdt.U32(table);
            xsdt.U64(table);
        }

        set.WriteRootPointer(set.Place(rsdt.Finish()), set.Place(xsdt.Finish()));
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

    private void WriteRootPointer(uint rsdt, uint xsdt)
    {
        Span<byte> pointer = CollectionsMarshal.AsSpan(_memory)[..RootPointerLength];
        "RSD PTR "u8.CopyTo(pointer);
        "EMUPS "u8.CopyTo(pointer[9..]);
        pointer[15] = 2;
        BinaryPrimitives.WriteUInt32LittleEndian(pointer[16..], rsdt);
        BinaryPrimitives.WriteUInt32LittleEndian(pointer[20..], RootPointerLength);
        BinaryPrimitives.WriteUInt64LittleEndian(pointer[24..], xsdt);
        pointer[8] = TableWriter.Checksum(pointer[..20]);
        pointer[32] = TableWriter.Checksum(pointer);
    }
}
