using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using EmuPS.Core.Addresses;
using EmuPS.Core.Memory;
using EmuPS.Devices.Firmware;
using EmuPS.Devices.Timers;
using EmuPS.Machine.AcpiTables;
using EmuPS.Machine.Boot;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Pc;

/// <summary>What the board tells of itself in CMOS and fw_cfg; and what firmware would have done before a kernel that is booted directly: the BIOS data area, the ACPI tables.</summary>
internal static class PcFirmware
{
    private const ushort KeyRamSize = 0x03;
    private const ushort KeyProcessors = 0x05;
    private const ushort KeyMaximumProcessors = 0x0F;
    private const ushort BiosDataSerialPorts = 0x400;
    private const ushort BiosDataExtendedSegment = 0x40E;
    private const ushort BiosDataBaseMemory = 0x413;
    private const ushort BaseMemoryKib = 639;

    /// <summary>Fills in what the guest reads of the machine's size from CMOS and fw_cfg.</summary>
    /// <param name="configuration">The memory.</param>
    /// <param name="processors">Number of processors.</param>
    /// <param name="firmware">The fw_cfg device.</param>
    /// <param name="rtc">The CMOS memory.</param>
    /// <param name="hasFirmware">Whether the machine has firmware, which decides itself what it reserves.</param>
    public static void Describe(MemoryConfiguration configuration, int processors, FwCfg firmware, CmosRtc rtc, bool hasFirmware)
    {
        MemoryLayout layout = MemoryLayout.Of(configuration);
        firmware.AddItem(KeyRamSize, Little(configuration.SizeBytes));
        firmware.AddItem(KeyProcessors, [(byte)processors, 0]);
        firmware.AddItem(KeyMaximumProcessors, [(byte)processors, 0]);
        if (layout.HasDeviceMemory)
        {
            firmware.AddFile("etc/reserved-memory-end", Little(layout.ReservedMemoryEnd));
        }

        IReadOnlyList<E820Entry> entries = hasFirmware ? E820Map.BuildForFirmware(layout) : E820Map.Build(layout);
        byte[] map = new byte[20 * entries.Count];
        for (int i = 0; i < entries.Count; i++)
        {
            E820Entry entry = entries[i];
            BinaryPrimitives.WriteUInt64LittleEndian(map.AsSpan(20 * i), entry.Start);
            BinaryPrimitives.WriteUInt64LittleEndian(map.AsSpan((20 * i) + 8), entry.Size);
            BinaryPrimitives.WriteUInt32LittleEndian(map.AsSpan((20 * i) + 16), (uint)entry.Type);
        }

        firmware.AddFile("etc/e820", map);

        // Kibibytes below 640 KiB and above 1 MiB, units of 64 KiB above 16 MiB and above 4 GiB.
        ulong extended = layout.LowBytes > ByteSize.MiB ? ulong.Min((layout.LowBytes - ByteSize.MiB) >> 10, ushort.MaxValue) : 0;
        ulong above16 = layout.LowBytes > 16 * ByteSize.MiB ? ulong.Min((layout.LowBytes - (16 * ByteSize.MiB)) >> 16, ushort.MaxValue) : 0;
        ulong above4G = layout.HighBytes >> 16;
        Word(rtc, 0x15, 640);
        Word(rtc, 0x17, extended);
        Word(rtc, 0x30, extended);
        Word(rtc, 0x34, above16);
        Word(rtc, 0x5B, above4G);
        rtc.SetMemory(0x5D, (byte)(above4G >> 16));
        rtc.SetMemory(0x5F, (byte)(processors - 1));
        if (hasFirmware)
        {
            // A coprocessor and a mouse port; hard disk, floppy, CD-ROM are looked for in this order.
            rtc.SetMemory(0x14, 0x06);
            rtc.SetMemory(0x38, 0x30);
            rtc.SetMemory(0x3D, 0x12);
        }
    }

    /// <summary>Writes the BIOS data area and the ACPI tables into memory.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="tables">The tables.</param>
    public static void WriteMemory(GuestPhysicalMemory memory, AcpiTableSet tables)
    {
        Span<byte> ports = stackalloc byte[8];
        ports.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(ports, PcIoPorts.Serial1);
        BinaryPrimitives.WriteUInt16LittleEndian(ports[2..], PcIoPorts.Serial2);
        memory.TryWrite(BiosDataSerialPorts, ports);
        Span<byte> word = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(word, (ushort)(E820Map.ExtendedBiosData >> 4));
        memory.TryWrite(BiosDataExtendedSegment, word);
        BinaryPrimitives.WriteUInt16LittleEndian(word, BaseMemoryKib);
        memory.TryWrite(BiosDataBaseMemory, word);
        memory.TryWrite(E820Map.ExtendedBiosData, [1]);
        memory.TryWrite(AcpiTableSet.Base, tables.Image.Span);
    }

    private static void Word(CmosRtc rtc, int index, ulong value)
    {
        rtc.SetMemory(index, (byte)value);
        rtc.SetMemory(index + 1, (byte)(value >> 8));
    }

    private static byte[] Little(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
