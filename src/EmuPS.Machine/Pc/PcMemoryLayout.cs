using EmuPS.Core.Addresses;

namespace EmuPS.Machine.Pc;

/// <summary>Where the PC's RAM and its region for memory devices lie, as QEMU's machine <c>pc</c> has it.</summary>
/// <remarks>RAM that does not fit below the 32-bit PCI hole goes to 4 GiB and up; the region for memory devices follows at the next GiB.</remarks>
public sealed class PcMemoryLayout
{
    /// <summary>Where high RAM begins.</summary>
    public const ulong HighStart = 4 * ByteSize.GiB;

    /// <summary>How much of RAM stays low unless it has to be split: 3.5 GiB.</summary>
    public const ulong DefaultLowLimit = 0xE000_0000;

    // A split is made at 3 GiB, so that both parts can be mapped with large pages.
    private const ulong SplitAt = 0xC000_0000;

    /// <summary>Computes the layout.</summary>
    /// <param name="ramSize">Initial RAM in bytes.</param>
    /// <param name="maximumSize">Initial RAM and memory devices together, in bytes; equal to <paramref name="ramSize"/> when there is no room for devices.</param>
    /// <param name="slots">Number of DIMM slots.</param>
    /// <param name="lowLimit">QEMU's <c>max-ram-below-4g</c>.</param>
    public PcMemoryLayout(ulong ramSize, ulong maximumSize, uint slots, ulong lowLimit = DefaultLowLimit)
    {
        RamSize = ramSize;
        ulong low = ramSize >= lowLimit ? ulong.Min(lowLimit, SplitAt) : lowLimit;
        LowSize = ulong.Min(ramSize, low);
        HighSize = ramSize - LowSize;
        if (maximumSize > ramSize)
        {
            ulong start = ByteSize.AlignUp(HighStart + HighSize, ByteSize.GiB);
            DeviceMemory = new AddressRange(start, maximumSize - ramSize + (slots * ByteSize.GiB));
        }
    }

    /// <summary>Initial RAM in bytes.</summary>
    public ulong RamSize { get; }

    /// <summary>RAM below 4 GiB, from address 0, in bytes.</summary>
    public ulong LowSize { get; }

    /// <summary>RAM from 4 GiB on, in bytes.</summary>
    public ulong HighSize { get; }

    /// <summary>The region for memory devices, with a GiB of slack for each slot so that each device can be aligned; null when the machine has none.</summary>
    public AddressRange? DeviceMemory { get; }

    /// <summary>The first address past everything, rounded up to a GiB: where 64-bit PCI memory may begin.</summary>
    public ulong End => ByteSize.AlignUp((DeviceMemory?.Last ?? (HighStart + HighSize - 1)) + 1, ByteSize.GiB);
}
