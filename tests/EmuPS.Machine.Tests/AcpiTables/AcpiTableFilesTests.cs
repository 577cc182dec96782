using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using EmuPS.Machine.AcpiTables;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.AcpiTables;

/// <summary>Tables that firmware places by the loader script.</summary>
public sealed class AcpiTableFilesTests
{
    private const uint RootPointerAddress = 0xF_5A40;
    private const uint TablesAddress = 0x3FFE_0040;

    [Fact]
    public void TheScriptMakesOfTheFilesTheSameTablesAtOtherPlaces()
    {
        MemoryConfiguration memory = MemoryConfiguration.Parse("1G,slots=4,maxmem=4G");
        AcpiTableSet set = AcpiTableSet.Build(new AcpiConfiguration(MemoryLayout.Of(memory), memory.SlotCount, 2, NumaTopology.Resolve([], memory, 2)));
        Dictionary<string, (uint Address, byte[] Bytes)> placed = Run(new AcpiTableFiles(set));
        byte[] root = placed["etc/acpi/rsdp"].Bytes;
        byte[] tables = placed["etc/acpi/tables"].Bytes;

        Assert.Equal(0, Sum(root.AsSpan(0, 20)));
        Assert.Equal(0, Sum(root));
        int rsdt = Offset(root, 16);
        int xsdt = Offset(root, 24);
        List<string> names = [];
        for (int i = 36; i < Length(rsdt); i += 4)
        {
            int table = Offset(tables, rsdt + i);
            Assert.Equal(table, Offset(tables, xsdt + 36 + (2 * (i - 36))));
            Assert.Equal(0, Sum(tables.AsSpan(table, Length(table))));
            names.Add(Encoding.ASCII.GetString(tables, table, 4));
        }

        Assert.Equal(["FACP", "APIC", "HPET", "SRAT", "SLIT"], names);
        Assert.Equal(0, Sum(tables.AsSpan(rsdt, Length(rsdt))));
        Assert.Equal(0, Sum(tables.AsSpan(xsdt, Length(xsdt))));
        int fadt = Offset(tables, rsdt + 36);
        Assert.Equal("FACS", Encoding.ASCII.GetString(tables, Offset(tables, fadt + 36), 4));
        Assert.Equal("DSDT", Encoding.ASCII.GetString(tables, Offset(tables, fadt + 40), 4));
        Assert.Equal(0u, (TablesAddress + (uint)Offset(tables, fadt + 36)) % 64);

        int Length(int table) => (int)BinaryPrimitives.ReadUInt32LittleEndian(tables.AsSpan(table + 4));
    }

    /// <summary>Does what firmware does.</summary>
    private static Dictionary<string, (uint Address, byte[] Bytes)> Run(AcpiTableFiles files)
    {
        Dictionary<string, byte[]> source = new() { ["etc/acpi/rsdp"] = files.RootPointer, ["etc/acpi/tables"] = files.Tables };
        Dictionary<string, (uint Address, byte[] Bytes)> placed = [];
        foreach (byte[] command in files.Script.Chunk(128))
        {
            string file = Text(command, 4);
            switch (U32(command, 0))
            {
                case 1:
                    uint address = command[64] == 2 ? RootPointerAddress : TablesAddress;
                    Assert.Equal(0u, address % U32(command, 60));
                    placed.Add(file, (address, source[file]));
                    break;
                case 2:
                    Span<byte> pointer = placed[file].Bytes.AsSpan((int)U32(command, 116), command[120]);
                    uint target = placed[Text(command, 60)].Address;
                    if (pointer.Length == 8)
                    {
                        BinaryPrimitives.WriteUInt64LittleEndian(pointer, BinaryPrimitives.ReadUInt64LittleEndian(pointer) + target);
                    }
                    else
                    {
                        BinaryPrimitives.WriteUInt32LittleEndian(pointer, BinaryPrimitives.ReadUInt32LittleEndian(pointer) + target);
                    }

                    break;
                case 3:
                    byte[] bytes = placed[file].Bytes;
                    bytes[U32(command, 60)] -= Sum(bytes.AsSpan((int)U32(command, 64), (int)U32(command, 68)));
                    break;
                default:
                    Assert.Fail("no such command");
                    break;
            }
        }

        return placed;
    }

    private static int Offset(byte[] bytes, int at) => (int)(U32(bytes, at) - TablesAddress);

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static string Text(byte[] bytes, int at) => Encoding.ASCII.GetString(bytes, at, 56).TrimEnd('\0');

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return sum;
    }
}
