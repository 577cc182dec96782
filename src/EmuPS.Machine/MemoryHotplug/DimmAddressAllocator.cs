using System.Collections.Generic;
using EmuPS.Core.Addresses;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>Finds the address of a memory device: first fit in the hotpluggable region, by ascending address.</summary>
internal static class DimmAddressAllocator
{
    /// <summary>A device that has an address. A class, for lists of them are compiled already.</summary>
    /// <param name="Address">Guest physical address.</param>
    /// <param name="Size">Size in bytes.</param>
    /// <param name="Id">Its id, or null.</param>
    internal sealed record Placed(ulong Address, ulong Size, string? Id);

    /// <summary>Finds an address.</summary>
    /// <param name="layout">The machine's layout.</param>
    /// <param name="totalBytes">What all devices together may hold.</param>
    /// <param name="placed">The devices that are there, by ascending address.</param>
    /// <param name="size">Size of the new one in bytes.</param>
    /// <param name="alignment">Its alignment, a power of two.</param>
    /// <param name="requested">The address it wants, or 0.</param>
    /// <exception cref="EngineException">It does not fit; checks, order and words are QEMU 7.2's (10.2 checks the size's alignment before the address's).</exception>
    internal static ulong Allocate(MemoryLayout layout, ulong totalBytes, IReadOnlyList<Placed> placed, ulong size, ulong alignment, ulong requested)
    {
        if (!layout.HasDeviceMemory)
        {
            throw new EngineException(ErrorIds.HotplugNotEnabled, EngineErrorCategory.InvalidOperation, "memory devices (e.g. for memory hotplug) are not enabled, please specify the maxmem option", null, "Start the machine with -Slots and -MaxMemory.");
        }

        ulong used = 0;
        foreach (Placed device in placed)
        {
            used += device.Size;
        }

        if (used + size < used || used + size > totalBytes)
        {
            throw new EngineException(ErrorIds.HotplugRegionExhausted, EngineErrorCategory.LimitsExceeded, $"not enough space, currently 0x{used:x} in use of total space for memory devices 0x{totalBytes:x}", size, "Use a smaller backend, remove a DIMM, or start the machine with a larger maximum.");
        }

        if (requested % alignment != 0)
        {
            throw new EngineException(ErrorIds.DimmAddressNotAligned, EngineErrorCategory.InvalidArgument, $"address must be aligned to 0x{alignment:x} bytes", requested);
        }

        if (size % alignment != 0)
        {
            throw new EngineException(ErrorIds.DimmSizeNotAligned, EngineErrorCategory.InvalidArgument, $"backend memory size must be multiple of 0x{alignment:x}", size, "Linux guests use multiples of 128 MiB.");
        }

        ulong start = layout.DeviceMemoryBase;
        ulong last = start + (layout.DeviceMemorySize - 1);
        if (requested != 0)
        {
            return Requested(layout, placed, size, requested, last);
        }

        ulong candidate = ByteSize.AlignUp(start, alignment);
        if (candidate < start || candidate + (size - 1) < candidate)
        {
            throw new EngineException(ErrorIds.HotplugRegionExhausted, EngineErrorCategory.LimitsExceeded, "can't add memory device, device too big", size);
        }

        foreach (Placed device in placed)
        {
            ulong candidateLast = candidate + (size - 1);
            ulong deviceLast = device.Address + (device.Size - 1);
            if (device.Address > candidateLast)
            {
                break;
            }

            if (deviceLast >= candidate)
            {
                candidate = ByteSize.AlignUp(deviceLast + 1, alignment);
                if (candidate <= deviceLast || candidate + (size - 1) < candidate)
                {
                    throw Fragmented(size);
                }
            }
        }

        return candidate + (size - 1) <= last ? candidate : throw Fragmented(size);
    }

    private static ulong Requested(MemoryLayout layout, IReadOnlyList<Placed> placed, ulong size, ulong requested, ulong last)
    {
        ulong requestedLast = requested + (size - 1);
        if (requested < layout.DeviceMemoryBase || requestedLast < requested || requestedLast > last)
        {
            throw new EngineException(ErrorIds.DimmAddressOutOfRange, EngineErrorCategory.InvalidArgument, $"can't add memory device [0x{requested:x}:0x{size:x}], usable range for memory devices [0x{layout.DeviceMemoryBase:x}:0x{layout.DeviceMemorySize:x}]", requested);
        }

        foreach (Placed device in placed)
        {
            if (device.Address <= requestedLast && requested <= device.Address + (device.Size - 1))
            {
                throw new EngineException(ErrorIds.AddressConflict, EngineErrorCategory.ResourceExists, $"address range conflicts with memory device id='{device.Id ?? "(unnamed)"}'", requested, "Leave the address out to have one chosen.");
            }
        }

        return requested;
    }

    private static EngineException Fragmented(ulong size) => new(
        ErrorIds.HotplugRegionFragmented,
        EngineErrorCategory.LimitsExceeded,
        "could not find position in guest address space for memory device - memory fragmented due to alignments",
        size,
        "Remove a DIMM that splits the free space, or use a smaller backend.");
}
