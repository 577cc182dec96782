using System.Collections.Generic;
using System.Linq;
using EmuPS.Core.Addresses;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>How much memory a machine starts with, how many DIMM slots it has, and how far it can grow: QEMU's <c>-m</c>.</summary>
public sealed record MemoryConfiguration
{
    /// <summary>The size of a machine that names none: 128 MiB.</summary>
    public const ulong DefaultSizeBytes = 128 * ByteSize.MiB;

    /// <summary>The most slots a PC can have.</summary>
    public const ulong MaximumSlots = 256;

    private const ulong SizeUnit = 8192;
    private readonly ulong _sizeBytes = DefaultSizeBytes;

    /// <summary>Initial memory in bytes, rounded up to 8 KiB; 0 gives the default.</summary>
    public ulong SizeBytes
    {
        get => _sizeBytes;
        init => _sizeBytes = value == 0 ? DefaultSizeBytes : ByteSize.AlignUp(value, SizeUnit);
    }

    /// <summary>Number of DIMM slots, or null when not given.</summary>
    public ulong? Slots { get; init; }

    /// <summary>Most memory in bytes, or null when not given.</summary>
    public ulong? MaxSizeBytes { get; init; }

    /// <summary>What was accepted but should be written otherwise.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Number of slots, 0 when not given.</summary>
    public int SlotCount => (int)(Slots ?? 0);

    /// <summary>Most memory in bytes, the initial memory when not given.</summary>
    public ulong EffectiveMaxSizeBytes => MaxSizeBytes ?? SizeBytes;

    /// <summary>What all memory devices together may hold, in bytes.</summary>
    public ulong DeviceMemoryBytes => EffectiveMaxSizeBytes - SizeBytes;

    /// <summary>Reads <c>[size=]SIZE[,slots=N][,maxmem=SIZE]</c>; several texts are merged key by key, a later key wins.</summary>
    /// <param name="options">The texts.</param>
    /// <returns>The configuration, not yet validated.</returns>
    /// <exception cref="EngineException">A text is malformed.</exception>
    public static MemoryConfiguration Parse(params IEnumerable<string> options) => MemoryConfigurationParser.Parse(options, bareSizeIsMebibytes: true);

    /// <summary>As <see cref="Parse"/>, but a size without a letter is bytes.</summary>
    /// <param name="options">The texts.</param>
    /// <exception cref="EngineException">A text is malformed.</exception>
    public static MemoryConfiguration ParseBytes(params IEnumerable<string> options) => MemoryConfigurationParser.Parse(options, bareSizeIsMebibytes: false);

    /// <summary>Checks the configuration in QEMU's order.</summary>
    /// <param name="physicalAddressBits">The processor's number of physical address bits.</param>
    /// <returns>The configuration itself.</returns>
    /// <exception cref="EngineException">Something contradicts or exceeds a limit; the message is QEMU 7.2's.</exception>
    public MemoryConfiguration Validate(int physicalAddressBits)
    {
        ulong size = SizeBytes;
        if (MaxSizeBytes is ulong maximum)
        {
            if (maximum < size)
            {
                throw Invalid($"invalid value of maxmem: maximum memory size (0x{maximum:x}) must be at least the initial memory size (0x{size:x})", "Give a larger maxmem, or less initial memory.");
            }

            if (Slots > 0 && maximum == size)
            {
                throw Invalid($"invalid value of maxmem: memory slots were specified but maximum memory size (0x{maximum:x}) is equal to the initial memory size (0x{size:x})", "Give a maxmem above the initial memory.");
            }
        }
        else if (Slots is not null)
        {
            throw Invalid("slots specified but no max-size", "Give maxmem as well.");
        }

        MemoryLayout layout = MemoryLayout.Of(this);
        ulong limit = physicalAddressBits >= 64 ? ulong.MaxValue : (1UL << physicalAddressBits) - 1;
        if (layout.HighestAddress > limit)
        {
            throw new EngineException(ErrorIds.AddressSpaceTooSmall, EngineErrorCategory.LimitsExceeded, $"Address space limit 0x{limit:x} < 0x{layout.HighestAddress:x} phys-bits too low ({physicalAddressBits})", EffectiveMaxSizeBytes, "Give a smaller maxmem or fewer slots.");
        }

        if (DeviceMemoryBytes == 0)
        {
            return this;
        }

        if (Slots > MaximumSlots)
        {
            throw new EngineException(ErrorIds.TooManyDimmSlots, EngineErrorCategory.LimitsExceeded, $"unsupported amount of memory slots: {Slots}", Slots, $"A machine has at most {MaximumSlots} slots.");
        }

        if (EffectiveMaxSizeBytes % ByteSize.Page != 0)
        {
            throw Invalid("maximum memory size must by aligned to multiple of 4096 bytes", "A maxmem without a letter is bytes; write for example 4G.");
        }

        return layout.DeviceMemoryBase + layout.DeviceMemorySize < layout.DeviceMemoryBase
            ? throw Invalid($"unsupported amount of maximum memory: {EffectiveMaxSizeBytes}", "Give a smaller maxmem.")
            : this;
    }

    /// <inheritdoc/>
    public bool Equals(MemoryConfiguration? other) =>
        other is not null && SizeBytes == other.SizeBytes && Slots == other.Slots && MaxSizeBytes == other.MaxSizeBytes && Warnings.SequenceEqual(other.Warnings);

    /// <inheritdoc/>
    public override int GetHashCode() => System.HashCode.Combine(SizeBytes, Slots, MaxSizeBytes);

    private EngineException Invalid(string message, string remedy) =>
        new(ErrorIds.InvalidMemoryConfiguration, EngineErrorCategory.InvalidArgument, message, this, remedy);
}
