namespace EmuPS.Core.Addresses;

/// <summary>Units of memory size, in bytes. Powers of 1024.</summary>
public static class ByteSize
{
    /// <summary>Bytes in a KiB.</summary>
    public const ulong KiB = 1UL << 10;

    /// <summary>Bytes in a MiB.</summary>
    public const ulong MiB = 1UL << 20;

    /// <summary>Bytes in a GiB.</summary>
    public const ulong GiB = 1UL << 30;

    /// <summary>Bytes in a TiB.</summary>
    public const ulong TiB = 1UL << 40;

    /// <summary>The guest's base page size in bytes.</summary>
    public const ulong Page = 4096;

    /// <summary>Rounds up to a multiple of a power of two; wraps to a smaller value when the result exceeds 64 bits.</summary>
    /// <param name="value">The value to round.</param>
    /// <param name="alignment">A power of two.</param>
    public static ulong AlignUp(ulong value, ulong alignment) => (value + (alignment - 1)) & ~(alignment - 1);
}
