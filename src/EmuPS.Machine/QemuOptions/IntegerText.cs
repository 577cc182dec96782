using System;
using System.Globalization;

namespace EmuPS.Machine.QemuOptions;

/// <summary>Whole numbers as C reads them: blanks and a sign before, 0x for hexadecimal, 0 for octal, nothing after.</summary>
internal static class IntegerText
{
    /// <summary>Reads an unsigned number; a negative one wraps, as C's does.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number, or null when there is none or it needs more than 64 bits.</returns>
    internal static ulong? Unsigned(string text) => Read(text, out bool negative) is { } size ? negative ? 0UL - size : size : null;

    /// <summary>Reads a signed number.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number, or null when there is none or it needs more than 64 bits.</returns>
    internal static long? Signed(string text) => Read(text, out bool negative) is not { } size ? null
        : negative ? size <= 1UL << 63 ? (long)(0UL - size) : null
        : size <= long.MaxValue ? (long)size : null;

    private static ulong? Read(string text, out bool negative)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimStart(" \t\n\v\f\r");
        negative = digits.StartsWith('-');
        if (negative || digits.StartsWith('+'))
            digits = digits[1..];
        ulong number;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number) ? number : null;
        if (digits is not ['0', _, ..])
            return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) ? number : null;
        number = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7' || number > ulong.MaxValue >> 3)
                return null;
            number = (number << 3) | (uint)(digit - '0');
        }

        return number;
    }
}
