using System;

namespace EmuPS.Machine.QemuOptions;

/// <summary>Sizes as QEMU writes them: <c>1G</c>, <c>1.5G</c>, <c>0x200M</c>; one letter of B K M G T P E in either case, powers of 1024.</summary>
public static class SizeText
{
    /// <summary>The hint that QEMU prints below a size that is none.</summary>
    public const string Hint = "Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-\nand exabytes, respectively.\n";

    private const string Units = "BKMGTPE";
    /// <summary>More digits than this many cannot move the result by a byte.</summary>
    private const ulong FractionLimit = 1_000_000_000_000_000_000;

    /// <summary>Reads a size.</summary>
    /// <param name="text">The text, without blanks.</param>
    /// <param name="bytes">The size in bytes.</param>
    public static SizeTextResult TryParse(string text, out ulong bytes)
    {
        bytes = 0;
        // As C's functions do, which read the number there.
        text = text.TrimStart(' ', '\t', '\n', '\v', '\f', '\r');
        text = text.StartsWith('+') ? text[1..] : text;
        bool hexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        int at = hexadecimal ? 2 : 0;
        int first = at;
        ulong whole = 0;
        // B and E are hexadecimal digits too, and are taken as such.
        for (; at < text.Length && (hexadecimal ? char.IsAsciiHexDigit(text[at]) : char.IsAsciiDigit(text[at])); at++)
        {
            ulong high = Math.BigMul(whole, hexadecimal ? 16u : 10u, out ulong tens);
            whole = tens + (uint)Convert.ToInt32(text.Substring(at, 1), 16);
            if (high != 0 || whole < tens)
            {
                return SizeTextResult.OutOfRange;
            }
        }

        if (at == first)
        {
            return SizeTextResult.Invalid;
        }

        ulong fraction = 0;
        ulong denominator = 1;
        bool hasFraction = !hexadecimal && at < text.Length && text[at] == '.';
        if (hasFraction)
        {
            for (at++; at < text.Length && char.IsAsciiDigit(text[at]); at++)
            {
                if (denominator < FractionLimit)
                {
                    fraction = (fraction * 10) + (uint)(text[at] - '0');
                    denominator *= 10;
                }
            }
        }

        int unit = at < text.Length ? Units.IndexOf(char.ToUpperInvariant(text[at]), StringComparison.Ordinal) : 0;
        if (unit < 0 || at + 1 < text.Length || (hasFraction && unit == 0))
        {
            return SizeTextResult.Invalid;
        }

        ulong above = Math.BigMul(whole, 1UL << (10 * unit), out ulong product);
        bytes = product + Part(fraction, denominator, 10 * unit);
        if (above != 0 || bytes < product)
        {
            bytes = 0;
            return SizeTextResult.OutOfRange;
        }

        return SizeTextResult.Valid;
    }

    // The nearest number of bytes to a fraction of a unit of 2^shift bytes.
    private static ulong Part(ulong fraction, ulong denominator, int shift) =>
        fraction == 0 ? 0 : (ulong)((((UInt128)fraction << shift) + (denominator / 2)) / denominator);

    /// <summary>Reads a size or says what is wrong with it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parameter">The name of the option for the message.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.InvalidSize"/>.</exception>
    public static ulong Parse(string text, string parameter) => TryParse(text, out ulong bytes) switch
    {
        SizeTextResult.Valid => bytes,
        SizeTextResult.OutOfRange => throw new EngineException(ErrorIds.InvalidSize, EngineErrorCategory.InvalidArgument, $"Value '{text}' is out of range for parameter '{parameter}'", text),
        _ => throw new EngineException(ErrorIds.InvalidSize, EngineErrorCategory.InvalidArgument, $"Parameter '{parameter}' expects a non-negative number below 2^64", text, Hint),
    };

    /// <summary>Whether a size is a hexadecimal number with a letter, which QEMU takes and warns about.</summary>
    /// <param name="text">The text.</param>
    internal static bool HasHexadecimalUnit(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && !char.IsAsciiHexDigit(text[^1]) && TryParse(text, out _) == SizeTextResult.Valid;

    /// <summary>QEMU's warning about that.</summary>
    /// <param name="text">The text.</param>
    internal static string HexadecimalUnitWarning(string text) => $"Using a multiplier suffix on hex numbers is deprecated: {text}";
}
