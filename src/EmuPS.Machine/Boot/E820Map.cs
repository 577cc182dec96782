using System;
using System.Collections.Generic;
using EmuPS.Core.Addresses;
using EmuPS.Machine.AcpiTables;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Boot;

/// <summary>The memory map of the machine as firmware would tell it: initial RAM and what is reserved in it.</summary>
/// <remarks>DIMMs and the region for them are never in it, plugged in or not: kernels find them through ACPI.</remarks>
internal static class E820Map
{
    /// <summary>Where the extended BIOS data area begins; low RAM ends there.</summary>
    public const ulong ExtendedBiosData = 0x9_FC00;

    private const ulong VideoMemory = 0xA_0000;

    /// <summary>Makes the map.</summary>
    /// <param name="layout">Where memory lies.</param>
    public static IReadOnlyList<E820Entry> Build(MemoryLayout layout)
    {
        E820Entry[] map =
        [
            new(0, ExtendedBiosData, E820Type.Usable),
            new(ExtendedBiosData, VideoMemory - ExtendedBiosData, E820Type.Reserved),
            new(AcpiTableSet.Base, AcpiTableSet.Limit - AcpiTableSet.Base, E820Type.Reserved),
            new(ByteSize.MiB, layout.LowBytes > ByteSize.MiB ? layout.LowBytes - ByteSize.MiB : 0, E820Type.Usable),
            new(MemoryLayout.HighMemoryBase, layout.HighBytes, E820Type.Usable),
        ];
        return Array.FindAll(map, entry => entry.Size > 0);
    }

    /// <summary>Makes the map that firmware is told, which reserves what it needs itself: all RAM that the machine starts with.</summary>
    /// <param name="layout">Where memory lies.</param>
    public static IReadOnlyList<E820Entry> BuildForFirmware(MemoryLayout layout) => layout.HighBytes > 0
        ? [new(0, layout.LowBytes, E820Type.Usable), new(MemoryLayout.HighMemoryBase, layout.HighBytes, E820Type.Usable)]
        : [new(0, layout.LowBytes, E820Type.Usable)];
}
