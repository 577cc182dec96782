using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EmuPS.Shell.Utility;

/// <summary>Objects to JSON text, with pwsh's rules about depth.</summary>
internal sealed class JsonWriter
{
    private readonly Utf8JsonWriter _writer;
    private readonly int _depth;
    private readonly bool _enumsAsStrings;

    private JsonWriter(Utf8JsonWriter writer, int depth, bool enumsAsStrings)
    {
        _writer = writer;
        _depth = depth;
        _enumsAsStrings = enumsAsStrings;
    }

    /// <summary>Whether something deeper than the limit became text.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Writes a value.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="depth">How deep objects are opened; what lies deeper becomes text.</param>
    /// <param name="compress">Whether to leave out white space.</param>
    /// <param name="enumsAsStrings">Whether enumeration values are names instead of numbers.</param>
    /// <param name="truncated">Whether the limit was met.</param>
    /// <returns>The text.</returns>
    public static string Write(object? value, int depth, bool compress, bool enumsAsStrings, out bool truncated)
    {
        using System.IO.MemoryStream bytes = new();
        JsonWriterOptions options = new()
        {
            Indented = !compress,
            NewLine = Environment.NewLine,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 1000,
        };
        using Utf8JsonWriter writer = new(bytes, options);
        JsonWriter json = new(writer, depth, enumsAsStrings);
        json.Value(value, 0);
        writer.Flush();
        truncated = json.Truncated;
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private void Value(object? value, int level)
    {
        PSObject? wrapper = value as PSObject;
        object? bare = wrapper?.BaseObject ?? value;
        if (bare is null or DBNull || bare == System.Management.Automation.Internal.AutomationNull.Value)
            _writer.WriteNullValue();
        else if (!Scalar(bare))
            Composite(bare, wrapper, level);
    }

    private bool Scalar(object value)
    {
        switch (value)
        {
            case string text:
                _writer.WriteStringValue(text);
                return true;
            case bool truth:
                _writer.WriteBooleanValue(truth);
                return true;
            case SwitchParameter flag:
                _writer.WriteBooleanValue(flag.IsPresent);
                return true;
            case Enum name:
                if (_enumsAsStrings)
                    _writer.WriteStringValue(name.ToString());
                else
                    Integer(System.Convert.ChangeType(name, Enum.GetUnderlyingType(name.GetType()), CultureInfo.InvariantCulture));
                return true;
            case DateTime time:
                _writer.WriteStringValue(time);
                return true;
            case DateTimeOffset time:
                _writer.WriteStringValue(time);
                return true;
            case double or float:
                Floating(System.Convert.ToDouble(value, CultureInfo.InvariantCulture));
                return true;
            case byte or sbyte or short or ushort or int or uint or long or ulong or decimal or BigInteger:
                Integer(value);
                return true;
            case char or Guid or Uri or Version or Type or ScriptBlock:
                _writer.WriteStringValue(value.ToString());
                return true;
            default:
                return false;
        }
    }

    private void Integer(object value)
    {
        switch (value)
        {
            case ulong large:
                _writer.WriteNumberValue(large);
                break;
            case decimal exact:
                _writer.WriteNumberValue(exact);
                break;
            case BigInteger huge:
                _writer.WriteRawValue(huge.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                _writer.WriteNumberValue(System.Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private void Floating(double number)
    {
        // A whole number keeps its ".0", which a decimal carries through.
        if (!double.IsFinite(number))
            _writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
        else if (number == Math.Truncate(number) && Math.Abs(number) < 1e15)
            _writer.WriteNumberValue((decimal)number + 0.0m);
        else
            _writer.WriteNumberValue(number);
    }

    private void Composite(object value, PSObject? wrapper, int level)
    {
        if (level > _depth)
        {
            Truncated = true;
            _writer.WriteStringValue(LanguagePrimitives.ConvertTo<string>(value));
            return;
        }

        switch (value)
        {
            case IDictionary table:
                _writer.WriteStartObject();
                foreach (DictionaryEntry entry in table)
                    Property(LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value, level);
                _writer.WriteEndObject();
                break;
            case IEnumerable many:
                _writer.WriteStartArray();
                foreach (object? item in many)
                    Value(item, level + 1);
                _writer.WriteEndArray();
                break;
            default:
                _writer.WriteStartObject();
                foreach (PSPropertyInfo property in (wrapper ?? PSObject.AsPSObject(value)).Properties.Where(property => property.IsGettable))
                    Property(property.Name, Get(property), level);
                _writer.WriteEndObject();
                break;
        }
    }

    private void Property(string name, object? value, int level)
    {
        _writer.WritePropertyName(name);
        Value(value, level + 1);
    }

    private static object? Get(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
