using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Hmp;

/// <summary>What <c>object_add ...,help</c> and <c>device_add ...,help</c> show.</summary>
internal static class PropertyHelp
{
    private const int DescriptionColumn = 24;

    /// <summary>Says of which type help is asked for.</summary>
    /// <param name="argument">The command's argument.</param>
    /// <returns>The type; empty for the list of types; null when no help is asked for.</returns>
    internal static string? AskedFor(string argument)
    {
        string[] parts = argument.Split(',');
        return !parts.Any(part => part is "help" or "?") ? null : parts.FirstOrDefault(part => part is not ("help" or "?" or "") && !part.Contains('=', StringComparison.Ordinal)) ?? string.Empty;
    }

    /// <summary>Lists a type's properties.</summary>
    /// <param name="type">The type.</param>
    /// <param name="properties">They.</param>
    internal static string Of(string type, IEnumerable<QomTypeProperty> properties) =>
        $"{type} options:\n" + string.Concat(properties.Where(property => !property.IsHousekeeping).OrderBy(property => property.Name, StringComparer.Ordinal).Select(Line));

    private static string Line(QomTypeProperty property)
    {
        string line = $"  {property.Name}=<{property.Type}>";
        if (property.Description is null && property.Default is null)
            return line + "\n";
        return $"{line.PadRight(DescriptionColumn)} - {property.Description}{(property.Default is { } value ? $" (default: {value})" : string.Empty)}\n";
    }
}
