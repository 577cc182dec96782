using System.Collections.Generic;
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

        if (SizeText.HasHexadecimalUnit(full))
        {
            warnings.Add(SizeText.HexadecimalUnitWarning(full));
        }

        return bytes;
    }

    /// <summary>An unsigned number as C reads it; a negative one wraps.</summary>
    private static ulong ParseCount(string text) => IntegerText.Unsigned(text)
        ?? throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, "Parameter 'slots' expects a number", text);
}
