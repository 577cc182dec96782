using System;
using System.Threading;

namespace EmuPS.Core.Memory;

/// <summary>The guest's physical memory: the current map, and access to RAM for everyone who is not a processor.</summary>
/// <remarks>The map is replaced only at safe points (every vCPU at a block boundary). Readers outside a vCPU hold the device lock, as the one who replaces the map does.</remarks>
public sealed unsafe class GuestPhysicalMemory : IGuestMemory
{
    private PhysicalMemoryMap _map = PhysicalMemoryMap.Empty;

    /// <summary>Called after RAM with the <see cref="RamRegion.PageHasCode"/> flag was written by someone other than a processor: address, length.</summary>
    public Action<ulong, int>? CodeWritten { get; set; }

    /// <summary>The current map.</summary>
    public PhysicalMemoryMap Map => Volatile.Read(ref _map);

    /// <summary>Puts a new map in place. The caller guarantees a safe point.</summary>
    /// <param name="map">The new map.</param>
    public void Replace(PhysicalMemoryMap map) => Volatile.Write(ref _map, map);

    /// <inheritdoc/>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            RamRegion? region = Map.FindRam(address);
            if (region is null)
            {
                return false;
            }

            int count = (int)Math.Min((ulong)destination.Length, region.Range.Last - address + 1);
            new ReadOnlySpan<byte>(region.HostAddress(address), count).CopyTo(destination);
            destination = destination[count..];
            address += (ulong)count;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        while (source.Length > 0)
        {
            RamRegion? region = Map.FindRam(address);
            if (region is null or { ReadOnly: true })
            {
                return false;
            }

            int count = (int)Math.Min((ulong)source.Length, region.Range.Last - address + 1);
            source[..count].CopyTo(new Span<byte>(region.HostAddress(address), count));
            MarkWritten(region, address, count);
            source = source[count..];
            address += (ulong)count;
        }

        return true;
    }

    private void MarkWritten(RamRegion region, ulong address, int count)
    {
        // A processor that makes code of the page sets the flag first and reads the bytes then; here it is the other way round, so one of the two sees the other.
        Interlocked.MemoryBarrier();
        byte* last = region.FlagsOf(address + (ulong)count - 1);
        bool code = false;
        for (byte* flags = region.FlagsOf(address); flags <= last; flags++)
        {
            code |= (*flags & RamRegion.PageHasCode) != 0;
        }

        if (code)
        {
            CodeWritten?.Invoke(address, count);
        }
    }
}
