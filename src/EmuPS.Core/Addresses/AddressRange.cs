using System;

namespace EmuPS.Core.Addresses;

/// <summary>A non-empty range of guest physical addresses with an inclusive end, so that it can reach the top of the address space.</summary>
public readonly record struct AddressRange
{
    /// <summary>First address of the range.</summary>
    public ulong Start { get; }

    /// <summary>Last address of the range (inclusive).</summary>
    public ulong Last { get; }

    /// <summary>Makes a range of <paramref name="size"/> bytes.</summary>
    /// <param name="start">First address.</param>
    /// <param name="size">Size in bytes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is zero or the range wraps around the top of the address space.</exception>
    public AddressRange(ulong start, ulong size)
    {
        ArgumentOutOfRangeException.ThrowIfZero(size);
        if (start + (size - 1) < start)
        {
            throw new ArgumentOutOfRangeException(nameof(size), "The range wraps around the top of the address space.");
        }

        Start = start;
        Last = start + (size - 1);
    }

    /// <summary>Size in bytes.</summary>
    public ulong Size => Last - Start + 1;

    /// <summary>Says whether the address lies inside the range.</summary>
    /// <param name="address">The address to look for.</param>
    public bool Contains(ulong address) => address - Start <= Last - Start;

    /// <summary>Says whether the two ranges share at least one address.</summary>
    /// <param name="other">The other range.</param>
    public bool Overlaps(AddressRange other) => Start <= other.Last && other.Start <= Last;

    /// <summary>Returns the range in house format.</summary>
    public override string ToString() => $"[{GuestPhysicalAddress.Format(Start)}..{GuestPhysicalAddress.Format(Last)}]";
}
