using System;
using System.Linq;
using EmuPS.Core.Addresses;
using EmuPS.Core.Memory;
using EmuPS.Devices.Pci;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Pc;

/// <summary>The firmware's ROM: at the end of the first 4 GiB whole, and its last 128 KiB at the end of the first MiB, where the host bridge can put RAM in its place.</summary>
/// <remarks>An area that takes writes only is RAM for reads too, as in QEMU. Before the ROM, from 0xC0000 on, there is a ROM of zeros where option ROMs would be.</remarks>
internal sealed class FirmwareMemory : IDisposable
{
    private const ulong OptionRoms = 0xC_0000;
    private const ulong SystemRoms = 0xE_0000;

    private readonly I440Fx _bridge;
    private readonly AnonymousMemoryBlock _rom;
    private readonly AnonymousMemoryBlock _optionRoms = new(SystemRoms - OptionRoms);
    private readonly RamRegion _high;
    private readonly Area[] _areas;

    /// <summary>Makes the ROM.</summary>
    /// <param name="contents">What is in it.</param>
    /// <param name="ram">The main memory; it begins at address 0.</param>
    /// <param name="bridge">Says what is RAM.</param>
    public FirmwareMemory(ReadOnlySpan<byte> contents, IHostMemoryBlock ram, I440Fx bridge)
    {
        _bridge = bridge;
        _rom = new AnonymousMemoryBlock(contents);
        _high = new RamRegion(MemoryLayout.HighMemoryBase - _rom.Size, _rom, _rom.Size, readOnly: true) { Name = "pc.bios" };
        _areas = [.. Enumerable.Range(0, I440Fx.ShadowAreas).Select(index => MakeArea(I440Fx.ShadowRange(index), ram))];
    }

    /// <summary>Whether the areas are what the host bridge says.</summary>
    public bool IsCurrent => _areas.Index().All(area => area.Item.Access == _bridge.GetShadow(area.Index));

    /// <summary>Puts the ROM into a machine's memory.</summary>
    /// <param name="memory">The memory.</param>
    public void AddTo(GuestPhysicalMemory memory)
    {
        PhysicalMemoryMap map = memory.Map.With(_high);
        foreach (Area area in _areas)
        {
            map = area.Present is { } present ? map.With(present) : map;
        }

        memory.Replace(map);
    }

    /// <summary>Makes the areas what the host bridge says. No processor is running.</summary>
    /// <param name="memory">The memory.</param>
    public void Apply(GuestPhysicalMemory memory)
    {
        PhysicalMemoryMap map = memory.Map;
        foreach ((int index, Area area) in _areas.Index())
        {
            RamRegion? before = area.Present;
            area.Access = _bridge.GetShadow(index);
            if (area.Present != before)
            {
                map = before is null ? map : map.Without(before);
                map = area.Present is { } present ? map.With(present) : map;
            }
        }

        memory.Replace(map);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Area area in _areas)
        {
            area.Rom?.Dispose();
            area.ReadOnlyRam?.Dispose();
            area.Ram?.Dispose();
        }

        _high.Dispose();
        _optionRoms.Dispose();
        _rom.Dispose();
    }

    private Area MakeArea(AddressRange range, IHostMemoryBlock ram)
    {
        ulong fromEnd = ByteSize.MiB - range.Start;
        bool hasRam = range.Last < ram.Size;
        return new Area
        {
            Rom = range.Start < SystemRoms ? new RamRegion(range.Start, _optionRoms, range.Size, readOnly: true, range.Start - OptionRoms) { Name = "pc.rom" }
                : fromEnd <= _rom.Size ? new RamRegion(range.Start, _rom, range.Size, readOnly: true, _rom.Size - fromEnd) { Name = "isa-bios" }
                : null,
            ReadOnlyRam = hasRam ? new RamRegion(range.Start, ram, range.Size, readOnly: true, range.Start) : null,
            Ram = hasRam ? new RamRegion(range.Start, ram, range.Size, offset: range.Start) : null,
        };
    }

    /// <summary>One area, and what it can be; null where there is nothing.</summary>
    private sealed class Area
    {
        public required RamRegion? Rom { get; init; }

        public required RamRegion? ReadOnlyRam { get; init; }

        public required RamRegion? Ram { get; init; }

        public ShadowAccess Access { get; set; }

        public RamRegion? Present => Access switch
        {
            ShadowAccess.None => Rom,
            ShadowAccess.Read => ReadOnlyRam,
            _ => Ram,
        };
    }
}
