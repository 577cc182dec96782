using System;
using System.Collections.Generic;
using System.Globalization;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>Reads the texts of <c>-m</c>.</summary>
internal static class MemoryConfigurationParser
{
    /// <summary>Reads and merges texts.</summary>
    /// <param name="options">The texts; a later key wins.</param>
    /// <param name="bareSizeIsMebibytes">Whether a size that ends in a digit means MiB, as on QEMU's command line. It never holds for maxmem.</param>
    internal static MemoryConfiguration Parse(IEnumerable<string> options, bool bareSizeIsMebibytes)
    {
        string? size = null;
        string? slots = null;
        string? maximum = null;
        foreach (string option in options)
        {
            foreach ((string key, string value) in OptionText.Parse(option, "size"))
            {
                switch (key)
                {
                    case "size":
                        size = value;
                        break;
                    case "slots":
                        slots = value;
                        break;
                    case "maxmem":
                        maximum = value;
                        break;
                    default:
                        throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.InvalidArgument, $"Invalid parameter '{key}'", key, "The keys are size, slots and maxmem.");
                }
            }
        }

        List<string> warnings = [];
        return new MemoryConfiguration
        {
            SizeBytes = string.IsNullOrEmpty(size) ? 0 : ParseSize(size, "size", bareSizeIsMebibytes, warnings),
            Slots = slots is null ? null : ParseCount(slots),
            MaxSizeBytes = maximum is null ? null : ParseSize(maximum, "maxmem", false, warnings),
            Warnings = warnings,
        };
    }

    private static ulong ParseSize(string text, string parameter, bool bareIsMebibytes, List<string> warnings)
    {
        // The text must be a size as it stands, so 1.5 is none. Then the rule is textual: 0x200 becomes 0x200M.
        ulong bytes = SizeText.Parse(text, parameter);
        string full = text;
        if (bareIsMebibytes && char.IsAsciiDigit(text[^1]))
        {
            full = text + "M";
            bytes = SizeText.Parse(full, parameter);
        }

        if (full.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && !char.IsAsciiHexDigit(full[^1]))
        {
            warnings.Add($"Using a multiplier suffix on hex numbers is deprecated: {full}");
        }

        return bytes;
    }

    /// <summary>An unsigned number, decimal or 0x; a negative one wraps, as with strtoull.</summary>
    private static ulong ParseCount(string text)
    {
        bool negative = text.StartsWith('-');
        string digits = negative ? text[1..] : text;
        bool valid = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return valid
            ? (negative ? 0UL - value : value)
            : throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, "Parameter 'slots' expects a number", text);
    }
}
