using System;
using System.Collections.Specialized;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EmuPS.Shell.Utility;

/// <summary>JSON text to objects, with pwsh's choice of types.</summary>
internal static partial class JsonReader
{
    /// <summary>Reads a document.</summary>
    /// <param name="text">JSON; comments and trailing commas are allowed.</param>
    /// <param name="asHashtable">Whether objects become ordered hashtables.</param>
    /// <param name="depth">The deepest nesting accepted.</param>
    /// <returns>The value; objects are PSCustomObjects, arrays <c>object[]</c>.</returns>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static object? Read(string text, bool asHashtable, int depth)
    {
        JsonDocumentOptions options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = depth };
        using JsonDocument document = JsonDocument.Parse(text, options);
        return Convert(document.RootElement, asHashtable);
    }

    private static object? Convert(JsonElement element, bool asHashtable) => element.ValueKind switch
    {
        JsonValueKind.Object => asHashtable ? ToTable(element) : ToObject(element),
        JsonValueKind.Array => element.EnumerateArray().Select(item => Convert(item, asHashtable)).ToArray(),
        JsonValueKind.String => Text(element.GetString()!),
        JsonValueKind.Number => Number(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static PSObject ToObject(JsonElement element)
    {
        PSObject result = new();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Name.Length == 0)
                throw new JsonException("A property without a name has no place in an object; use -AsHashtable.");
            if (result.Properties[property.Name] is not null)
                throw new JsonException($"The property '{property.Name}' occurs twice, or in two spellings; use -AsHashtable.");
            result.Properties.Add(new PSNoteProperty(property.Name, Convert(property.Value, asHashtable: false)));
        }

        return result;
    }

    private static OrderedDictionary ToTable(JsonElement element)
    {
        OrderedDictionary table = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
            table[property.Name] = Convert(property.Value, asHashtable: true);
        return table;
    }

    private static object Text(string text) =>
        IsoTime().IsMatch(text) && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime time)
            ? time
            : text;

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out long integer))
            return integer;
        string raw = element.GetRawText();
        return BigInteger.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger big) ? big : element.GetDouble();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$")]
    private static partial Regex IsoTime();
}
