using System;
using System.Collections.Generic;
using EmuPS.Core.Addresses;

namespace EmuPS.Core.Memory;

/// <summary>An immutable picture of the guest's physical address space: RAM and devices, sorted, without overlaps. Replaced as a whole at safe points.</summary>
public sealed class PhysicalMemoryMap
{
    private readonly RamRegion[] _ram;
    private readonly MmioRegion[] _mmio;

    /// <summary>The map with nothing in it.</summary>
    public static PhysicalMemoryMap Empty { get; } = new([], []);

    private PhysicalMemoryMap(RamRegion[] ram, MmioRegion[] mmio)
    {
        _ram = ram;
        _mmio = mmio;
    }

    /// <summary>RAM in ascending order.</summary>
    public IReadOnlyList<RamRegion> Ram => _ram;

    /// <summary>Devices in ascending order.</summary>
    public IReadOnlyList<MmioRegion> Mmio => _mmio;

    /// <summary>Finds the RAM that holds an address.</summary>
    /// <param name="address">Guest physical address.</param>
    /// <returns>The region, or null when the address is not RAM.</returns>
    public RamRegion? FindRam(ulong address)
    {
        int low = 0;
        int high = _ram.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            AddressRange range = _ram[middle].Range;
            if (address < range.Start)
            {
                high = middle - 1;
            }
            else if (address > range.Last)
            {
                low = middle + 1;
            }
            else
            {
                return _ram[middle];
            }
        }

        return null;
    }

    /// <summary>Finds the device that answers at an address.</summary>
    /// <param name="address">Guest physical address.</param>
    /// <returns>The region, or null.</returns>
    public MmioRegion? FindMmio(ulong address) => Array.Find(_mmio, region => region.Range.Contains(address));

    /// <summary>Returns a map with one more RAM region.</summary>
    /// <param name="region">The region.</param>
    /// <exception cref="ArgumentException">It overlaps something.</exception>
    public PhysicalMemoryMap With(RamRegion region)
    {
        CheckFree(region.Range);
        RamRegion[] ram = [.. _ram, region];
        Array.Sort(ram, static (a, b) => a.Range.Start.CompareTo(b.Range.Start));
        return new PhysicalMemoryMap(ram, _mmio);
    }

    /// <summary>Returns a map with one more device.</summary>
    /// <param name="region">The region.</param>
    /// <exception cref="ArgumentException">It overlaps something.</exception>
    public PhysicalMemoryMap With(MmioRegion region)
    {
        CheckFree(region.Range);
        MmioRegion[] mmio = [.. _mmio, region];
        Array.Sort(mmio, static (a, b) => a.Range.Start.CompareTo(b.Range.Start));
        return new PhysicalMemoryMap(_ram, mmio);
    }

    /// <summary>Returns a map without a RAM region.</summary>
    /// <param name="region">A region of this map.</param>
    public PhysicalMemoryMap Without(RamRegion region) => new(Array.FindAll(_ram, r => !ReferenceEquals(r, region)), _mmio);

    private void CheckFree(AddressRange range)
    {
        if (Array.Exists(_ram, r => r.Range.Overlaps(range)) || Array.Exists(_mmio, r => r.Range.Overlaps(range)))
        {
            throw new ArgumentException($"The range {range} overlaps something in the physical memory map.", nameof(range));
        }
    }
}
