using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Objects;

/// <summary>A number of bytes, as people write it: <c>512M</c>, <c>1.5G</c>, <c>1GB</c>, <c>0x8000000</c>; a bare number is bytes.</summary>
public readonly struct EmuByteSize : IEquatable<EmuByteSize>
{
    private const string Units = "BKMGTPE";

    /// <summary>Takes a number of bytes.</summary>
    /// <exception cref="FormatException">It is negative.</exception>
    public EmuByteSize(long bytes) => Bytes = bytes >= 0 ? bytes : throw new FormatException($"{bytes} is not a size: it is negative.");

    /// <summary>The number of bytes.</summary>
    public long Bytes { get; }

    /// <summary>Whether both are the same number of bytes.</summary>
    public static bool operator ==(EmuByteSize left, EmuByteSize right) => left.Equals(right);

    /// <summary>Whether they are different numbers of bytes.</summary>
    public static bool operator !=(EmuByteSize left, EmuByteSize right) => !left.Equals(right);

    /// <summary>Reads a size; PowerShell calls it to convert text.</summary>
    /// <exception cref="FormatException">The text is no size.</exception>
    [SuppressMessage("Usage", "CA1801", Justification = "PowerShell looks for this signature.")]
    public static EmuByteSize Parse(string text, IFormatProvider? provider = null) => TryParse(text, out long bytes)
        ? new EmuByteSize(bytes)
        : throw new FormatException(IsTooLarge(text) ? $"'{text}' is too large: a size is less than 2^63 bytes (8E)." : $"'{text}' is not a size. Write a number of bytes, or a number with a unit: 512M, 1.5G, 1GB.");

    /// <summary>Reads a size.</summary>
    /// <returns>False when the text is no size, or not a whole number of bytes below 2^63.</returns>
    internal static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (rest.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(rest[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes) && bytes >= 0;
        if (rest.EndsWith("iB", StringComparison.OrdinalIgnoreCase) && rest.Length > 2 && Units.IndexOf(char.ToUpperInvariant(rest[^3])) > 0)
            rest = rest[..^2];
        else if (rest.EndsWith("B", StringComparison.OrdinalIgnoreCase) && rest.Length > 1 && Units.IndexOf(char.ToUpperInvariant(rest[^2])) > 0)
            rest = rest[..^1];
        int power = rest.IsEmpty ? -1 : Units.IndexOf(char.ToUpperInvariant(rest[^1]));
        if (power >= 0)
            rest = rest[..^1];
        if (!decimal.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            return false;
        try
        {
            decimal exact = number * (1L << (10 * Math.Max(power, 0)));
            // QEMU rounds a fraction to the nearest byte, and wants a unit with it.
            if (exact > long.MaxValue || (power <= 0 && exact != decimal.Truncate(exact)))
                return false;
            bytes = (long)decimal.Round(exact);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    /// <summary>Whether a text is a size, but one of 2^63 bytes or more.</summary>
    internal static bool IsTooLarge(string text) => !TryParse(text, out _) && SizeText.TryParse(text.Trim(), out ulong bytes) switch
    {
        SizeTextResult.OutOfRange => true,
        SizeTextResult.Valid => bytes > long.MaxValue,
        _ => false,
    };

    /// <inheritdoc/>
    public bool Equals(EmuByteSize other) => Bytes == other.Bytes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EmuByteSize other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bytes.GetHashCode();

    /// <summary>The number of bytes, with the largest unit that leaves it whole.</summary>
    public override string ToString()
    {
        long number = Bytes;
        int power = 0;
        while (number != 0 && number % 1024 == 0 && power < Units.Length - 1)
        {
            number /= 1024;
            power++;
        }

        return number.ToString(CultureInfo.InvariantCulture) + (power == 0 ? "" : Units[power]);
    }
}
