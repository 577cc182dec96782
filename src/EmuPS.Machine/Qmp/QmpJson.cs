using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace EmuPS.Machine.Qmp;

/// <summary>Values of QMP as text: null, booleans, numbers, strings, lists and dictionaries with string keys.</summary>
public static class QmpJson
{
    /// <summary>Writes a value on one line, in QEMU's spacing; characters beyond ASCII are escaped.</summary>
    /// <param name="value">The value.</param>
    public static string Write(object? value)
    {
        StringBuilder text = new();
        Write(text, value);
        return text.ToString();
    }

    /// <summary>Reads a text that holds exactly one value.</summary>
    /// <param name="text">The text; single quotes are accepted.</param>
    /// <returns>Null, bool, long, ulong, double, string, a list, or an ordered dictionary.</returns>
    /// <exception cref="EngineException"><see cref="ErrorIds.QmpProtocolError"/>.</exception>
    public static object? Read(string text)
    {
        try
        {
            return JsonStreamReader.ReadOne(text);
        }
        catch (JsonSyntaxException e)
        {
            throw new EngineException(ErrorIds.QmpProtocolError, EngineErrorCategory.ProtocolError, e.Message, text);
        }
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case string characters:
                WriteText(text, characters);
                break;
            case double or float or decimal:
                text.Append(Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture));
                break;
            case IReadOnlyDictionary<string, object?> members:
                WriteMembers(text, members);
                break;
            case IDictionary members:
                WriteMembers(text, Entries(members));
                break;
            case IEnumerable items:
                WriteItems(text, items);
                break;
            case IFormattable other:
                text.Append(other.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                WriteText(text, value.ToString() ?? string.Empty);
                break;
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary members)
    {
        foreach (DictionaryEntry entry in members)
            yield return new(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? string.Empty, entry.Value);
    }

    private static void WriteMembers(StringBuilder text, IEnumerable<KeyValuePair<string, object?>> members)
    {
        string separator = "{";
        foreach ((string key, object? value) in members)
        {
            text.Append(separator);
            WriteText(text, key);
            text.Append(": ");
            Write(text, value);
            separator = ", ";
        }

        text.Append(separator == "{" ? "{}" : "}");
    }

    private static void WriteItems(StringBuilder text, IEnumerable items)
    {
        string separator = "[";
        foreach (object? item in items)
        {
            text.Append(separator);
            Write(text, item);
            separator = ", ";
        }

        text.Append(separator == "[" ? "[]" : "]");
    }

    private static void WriteText(StringBuilder text, string characters)
    {
        text.Append('"');
        foreach (char c in characters)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
