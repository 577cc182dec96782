using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using EmuPS.Core.Addresses;
using EmuPS.Machine.AcpiTables;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using Xunit;

namespace EmuPS.Machine.Tests.AcpiTables;

public sealed class AcpiTableSetTests
{
    private static readonly Dictionary<int, byte> s_none = [];

    [Fact]
    public void RootPointerLeadsToAllTablesAndEveryChecksumHolds()
    {
        Tables tables = Tables.Of("1G,slots=3,maxmem=4G");

        Assert.Equal("RSD PTR ", Encoding.ASCII.GetString(tables.Image, 0, 8));
        Assert.Equal(0, Sum(tables.Image.AsSpan(0, 20)));
        Assert.Equal(0, Sum(tables.Image.AsSpan(0, 36)));
        Assert.Equal(["APIC", "FACP", "HPET", "SLIT", "SRAT"], tables.FromXsdt.Keys.Order());
        Assert.Equal(tables.FromXsdt.Keys.Order(), tables.FromRsdt.Keys.Order());
        Assert.All(tables.FromXsdt.Values, table => Assert.Equal(0, Sum(table)));
        Assert.Equal(0, Sum(tables.Dsdt));
    }

    [Fact]
    public void FixedTableDescribesPowerManagementAndReset()
    {
        byte[] fadt = Tables.Of("1G").FromXsdt["FACP"];

        Assert.Equal(9, U16(fadt, 46));
        Assert.Equal(0xB2u, U32(fadt, 48));
        Assert.Equal(0x600u, U32(fadt, 56));
        Assert.Equal(0x604u, U32(fadt, 64));
        Assert.Equal(0x608u, U32(fadt, 76));
        Assert.Equal(0xAFE0u, U32(fadt, 80));
        Assert.Equal([4, 2, 0, 4, 4, 0], fadt[88..94]);
        Assert.Equal(0x84A5u, U32(fadt, 112));
        Assert.Equal(0xCF9UL, U64(fadt, 120));
        Assert.Equal(0x0F, fadt[128]);
        Assert.Equal(U32(fadt, 40), U64(fadt, 140));
        Assert.Equal(0xAFE0UL, U64(fadt, 220 + 4));
        Assert.Equal(0u, U32(fadt, 36) % 64);
    }

    [Fact]
    public void InterruptTableOverridesTheTimerAndTheLevelInterrupts()
    {
        byte[] madt = Tables.Of("1G").FromXsdt["APIC"];
        List<(byte Irq, uint Input, ushort Flags)> overrides = [];
        for (int at = 44; at < madt.Length; at += madt[at + 1])
        {
            if (madt[at] == 2)
            {
                overrides.Add((madt[at + 3], U32(madt, at + 4), U16(madt, at + 8)));
            }
        }

        Assert.Equal([(0, 2, 0), (5, 5, 0x0D), (9, 9, 0x0D), (10, 10, 0x0D), (11, 11, 0x0D)], overrides.Select(o => ((int)o.Irq, (int)o.Input, (int)o.Flags)));
    }

    [Fact]
    public void AffinityTableEndsWithTheHotPluggableRegion()
    {
        byte[] srat = Tables.Of("4608M,slots=2,maxmem=6G").FromXsdt["SRAT"];
        List<MemoryRange> ranges = Ranges(srat);

        Assert.Equal(1u, U32(srat, 36));
        Assert.Equal(
            [
                new(0, 0, 0xA_0000, 1),
                new(0, 0x10_0000, 0xBFF0_0000, 1),
                new(0, 0x1_0000_0000, 0x6000_0000, 1),
                new(0, 0x1_8000_0000, (1536UL * ByteSize.MiB) + (2 * ByteSize.GiB), 3),
            ],
            ranges);
    }

    [Fact]
    public void AffinityTableSplitsMemoryAmongNodesAndGivesTheRegionToTheLast()
    {
        MemoryConfiguration memory = MemoryConfiguration.Parse("128M,slots=3,maxmem=1G");
        NumaNode[] nodes = [new(64 * ByteSize.MiB, [0], new Dictionary<int, byte> { [1] = 21 }), new(64 * ByteSize.MiB, [], s_none)];
        Tables tables = new(new AcpiConfiguration(MemoryLayout.Of(memory), 3, 1, nodes));

        Assert.Equal(
            [
                new(0, 0, 0xA_0000, 1),
                new(0, 0x10_0000, 0x3F0_0000, 1),
                new(1, 0x400_0000, 0x400_0000, 1),
                new(0, 0, 0, 0),
                new(1, 0x1_0000_0000, (896UL * ByteSize.MiB) + (3 * ByteSize.GiB), 3),
            ],
            Ranges(tables.FromXsdt["SRAT"]));
        Assert.Equal([10, 21, 21, 10], tables.FromXsdt["SLIT"][44..]);
    }

    [Fact]
    public void MachineThatCannotGrowHasNeitherNodesNorHotplug()
    {
        Tables tables = Tables.Of("1G");

        Assert.Equal(["APIC", "FACP", "HPET"], tables.FromXsdt.Keys.Order());
        Assert.Equal(-1, tables.Dsdt.AsSpan().IndexOf("MHPD"u8));
    }

    [Fact]
    public void RegionWithoutSlotsIsAnnouncedButHasNoRegisters()
    {
        Tables tables = Tables.Of("1G,maxmem=2G");

        Assert.Equal(3u, Ranges(tables.FromXsdt["SRAT"])[^1].Flags);
        Assert.Equal(-1, tables.Dsdt.AsSpan().IndexOf("MHPD"u8));
    }

    [Fact]
    public void TablesOfAllSlotsFitBelowOneMebibyte() =>
        Assert.InRange(Tables.Of("1G,slots=256,maxmem=2G").Image.Length, 1, (int)(AcpiTableSet.Limit - AcpiTableSet.Base));

    private static List<MemoryRange> Ranges(byte[] srat)
    {
        List<MemoryRange> ranges = [];
        for (int at = 48; at < srat.Length; at += srat[at + 1])
        {
            if (srat[at] == 1)
            {
                ranges.Add(new MemoryRange(U32(srat, at + 2), U64(srat, at + 8), U64(srat, at + 16), U32(srat, at + 28)));
            }
        }

        return ranges;
    }

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return sum;
    }

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));

    private sealed record MemoryRange(uint Node, ulong Start, ulong Size, uint Flags);

    /// <summary>Follows the pointers as a kernel does.</summary>
    private sealed class Tables
    {
        public Tables(AcpiConfiguration configuration)
        {
            Image = AcpiTableSet.Build(configuration).Image.ToArray();
            FromRsdt = List(At(U32(Image, 16)), 4);
            FromXsdt = List(At((uint)U64(Image, 24)), 8);
            Dsdt = At(U32(FromXsdt["FACP"], 40));
        }

        public byte[] Image { get; }

        public Dictionary<string, byte[]> FromRsdt { get; }

        public Dictionary<string, byte[]> FromXsdt { get; }

        public byte[] Dsdt { get; }

        public static Tables Of(string memory)
        {
            MemoryConfiguration configuration = MemoryConfiguration.Parse(memory);
            return new Tables(new AcpiConfiguration(
                MemoryLayout.Of(configuration), configuration.SlotCount, 1, NumaTopology.Resolve([], configuration, 1)));
        }

        private byte[] At(uint address)
        {
            int offset = (int)(address - AcpiTableSet.Base);
            return Image[offset..(offset + (int)U32(Image, offset + 4))];
        }

        private Dictionary<string, byte[]> List(byte[] root, int width)
        {
            Dictionary<string, byte[]> list = [];
            for (int at = 36; at < root.Length; at += width)
            {
                byte[] table = At(U32(root, at));
                list.Add(Encoding.ASCII.GetString(table, 0, 4), table);
            }

            return list;
        }
    }
}
