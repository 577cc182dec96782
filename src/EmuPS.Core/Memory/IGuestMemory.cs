using System;

namespace EmuPS.Core.Memory;

/// <summary>Guest RAM as devices, loaders and monitors see it. Writes invalidate translated code as a guest's own stores do.</summary>
public interface IGuestMemory
{
    /// <summary>Copies guest RAM into a buffer.</summary>
    /// <param name="address">Guest physical address.</param>
    /// <param name="destination">The buffer; its length is the number of bytes.</param>
    /// <returns>False, with nothing promised about the buffer, when a part is not RAM.</returns>
    bool TryRead(ulong address, Span<byte> destination);

    /// <summary>Copies a buffer into guest RAM.</summary>
    /// <param name="address">Guest physical address.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>False when a part is not RAM, or is ROM; what precedes it may have been written.</returns>
    bool TryWrite(ulong address, ReadOnlySpan<byte> source);
}
