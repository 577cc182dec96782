using EmuPS.Core.Addresses;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>Where a PC's memory lies in the guest's physical address space (QEMU's machine type pc).</summary>
/// <param name="LowBytes">Initial memory from address 0, in bytes.</param>
/// <param name="HighBytes">Initial memory from 4 GiB, in bytes.</param>
/// <param name="DeviceMemoryBase">First address of the hotpluggable region, a multiple of 1 GiB; meaningful also when the region is empty.</param>
/// <param name="DeviceMemorySize">Address space of the hotpluggable region in bytes: what may be plugged and 1 GiB of slack for each slot; 0 without a region.</param>
public readonly record struct MemoryLayout(ulong LowBytes, ulong HighBytes, ulong DeviceMemoryBase, ulong DeviceMemorySize)
{
    /// <summary>The address where memory that does not fit below 4 GiB goes on.</summary>
    public const ulong HighMemoryBase = 4 * ByteSize.GiB;

    private const ulong SplitThreshold = 0xE000_0000;
    private const ulong SplitLowBytes = 0xC000_0000;
    private const ulong PciWindowBytes = 2 * ByteSize.GiB;

    /// <summary>True when memory devices have a place.</summary>
    public bool HasDeviceMemory => DeviceMemorySize != 0;

    /// <summary>The address after the region, a multiple of 1 GiB: the value of the firmware file <c>etc/reserved-memory-end</c> and the first free address for PCI.</summary>
    public ulong ReservedMemoryEnd => ByteSize.AlignUp(DeviceMemoryBase + DeviceMemorySize, ByteSize.GiB);

    /// <summary>The highest address in use, the 64-bit PCI window (2 GiB) included.</summary>
    public ulong HighestAddress => ReservedMemoryEnd + PciWindowBytes - 1;

    /// <summary>Lays out a configuration. Sums wrap as QEMU's do; <see cref="MemoryConfiguration.Validate"/> refuses the result then.</summary>
    /// <param name="configuration">The configuration; its maximum is not below its size.</param>
    public static MemoryLayout Of(MemoryConfiguration configuration)
    {
        ulong size = configuration.SizeBytes;
        ulong low = size >= SplitThreshold ? SplitLowBytes : size;
        ulong high = size - low;
        ulong region = configuration.DeviceMemoryBytes == 0 ? 0 : configuration.DeviceMemoryBytes + ((configuration.Slots ?? 0) * ByteSize.GiB);
        return new MemoryLayout(low, high, ByteSize.AlignUp(HighMemoryBase + high, ByteSize.GiB), region);
    }
}
