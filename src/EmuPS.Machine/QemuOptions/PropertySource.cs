using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace EmuPS.Machine.QemuOptions;

/// <summary>Properties as somebody wrote them; the getters convert, remember what was asked for, and refuse in QEMU's words.</summary>
internal sealed class PropertySource
{
    private readonly List<KeyValuePair<string, object?>> _values;
    private readonly PropertyDialect _dialect;
    private readonly HashSet<string> _known = [];

    /// <summary>Takes properties from text or JSON.</summary>
    /// <param name="values">Names and values in order: strings, long, ulong, double, bool, null, lists. A name may come again.</param>
    /// <param name="dialect">How they are written.</param>
    internal PropertySource(IEnumerable<KeyValuePair<string, object?>> values, PropertyDialect dialect)
    {
        _values = [.. values];
        _dialect = dialect;
    }

    internal static PropertySource FromText(string text, string impliedKey, PropertyDialect dialect) =>
        new(OptionText.Parse(text, impliedKey).Select(pair => new KeyValuePair<string, object?>(pair.Key, pair.Value)), dialect);

    /// <summary>Says that a name is known, whoever reads its value.</summary>
    internal void Ignore(string name) => _known.Add(name);

    /// <summary>Whether values are of JSON's types and nothing else will do.</summary>
    private bool IsStrict => _dialect is PropertyDialect.Json or PropertyDialect.DeviceJson;

    internal string? Text(string name) => Find(name) switch
    {
        null => null,
        string text => text,
        _ when _dialect == PropertyDialect.DeviceJson && name == "driver" => null,
        object value when _dialect == PropertyDialect.Device => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => throw WrongType(name, "string"),
    };

    /// <summary>A text that must be there.</summary>
    internal string RequiredText(string name) => Text(name) ?? throw Missing(name);

    internal bool? Flag(string name) => Find(name) switch
    {
        null => null,
        bool flag => flag,
        string text when !IsStrict => text switch
        {
            "on" or "yes" or "true" or "y" => true,
            "off" or "no" or "false" or "n" => false,
            _ => throw Expects(name, "'on' or 'off'"),
        },
        _ => throw WrongType(name, "boolean"),
    };

    internal ulong? Size(string name) => Find(name) switch
    {
        null => null,
        string text when !IsStrict => SizeText.TryParse(text, out ulong bytes) == SizeTextResult.Valid
            ? bytes
            : throw Expects(name, _dialect == PropertyDialect.CommandLineText ? "a size value" : "size"),
        object value => Number(value) ?? throw Expects(name, "uint64"),
    };

    internal ulong? Unsigned64(string name) => Find(name) is { } value ? Number(value) ?? throw Expects(name, "uint64") : null;

    internal uint? Unsigned32(string name)
    {
        ulong? value = Unsigned64(name);
        return value > uint.MaxValue ? throw Expects(name, "uint32_t") : (uint?)value;
    }

    internal int? Signed32(string name)
    {
        if (Find(name) is not { } value)
            return null;
        decimal? number = IsStrict && value is string ? null : ToInteger(value);
        return number is null
            ? throw (IsStrict ? WrongType(name, "integer") : Expects(name, "integer"))
            : number < int.MinValue || number > int.MaxValue ? throw Expects(name, "int32_t") : (int)number;
    }

    /// <summary>Numbers below 2^16: a JSON list, or text with ranges (<c>0-1</c>), a name that comes several times, or numbered names (<c>host-nodes.0</c>).</summary>
    internal IReadOnlyList<ushort> Numbers(string name)
    {
        _known.Add(name);
        List<ushort> numbers = [];
        foreach ((string key, object? value) in _values)
        {
            if (key != name && !(key.StartsWith(name + ".", StringComparison.Ordinal) && int.TryParse(key.AsSpan(name.Length + 1), out _)))
                continue;
            _known.Add(key);
            switch (value)
            {
                case string text when !IsStrict:
                    AddRange(name, text, numbers);
                    break;
                case IEnumerable list and not string and not IReadOnlyDictionary<string, object?>:
                    AddList(name, list, numbers);
                    break;
                default:
                    throw WrongType(name, "array");
            }
        }

        return numbers;
    }

    /// <summary>One of several words.</summary>
    /// <typeparam name="T">An enumeration whose names, in lower case, are the words.</typeparam>
    internal T? Word<T>(string name)
        where T : struct, Enum
    {
        string? text = Text(name);
        if (text is null)
            return null;
        foreach (T value in Enum.GetValues<T>())
        {
            string word = value.ToString().ToLowerInvariant();
            if (string.Equals(word, text, StringComparison.Ordinal))
                return value;
        }

        throw Refused(name, text);
    }

    /// <summary>Refuses what nobody asked for.</summary>
    /// <param name="message">Makes the message from the name.</param>
    internal void RefuseOthers(Func<string, string> message)
    {
        foreach ((string key, _) in _values)
        {
            if (!_known.Contains(key))
                throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.InvalidArgument, message(key), key, $"Known are: {string.Join(", ", _known.Order())}.");
        }
    }

    internal static EngineException Missing(string name) =>
        new(ErrorIds.MissingParameter, EngineErrorCategory.InvalidArgument, $"Parameter '{name}' is missing", name);

    internal static EngineException Refused(string name, string value) =>
        new(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Parameter '{name}' does not accept value '{value}'", value);

    /// <summary>Reads an unsigned number; a negative one wraps, as QEMU takes it.</summary>
    internal static ulong? ToUnsigned(object? value) =>
        ToInteger(value) is { } number && number >= long.MinValue && number <= ulong.MaxValue ? (number < 0 ? unchecked((ulong)(long)number) : (ulong)number) : null;

    private ulong? Number(object? value) => IsStrict && value is string ? null : ToUnsigned(value);

    /// <summary>Reads a whole number between -(2^64-1) and 2^64-1, or null.</summary>
    /// <param name="value">A number or a text.</param>
    internal static decimal? ToInteger(object? value)
    {
        switch (value)
        {
            case bool:
                return null;
            case string text:
                bool negative = text.StartsWith('-');
                ReadOnlySpan<char> digits = negative ? text.AsSpan(1) : text;
                bool valid = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                    ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
                    : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
                return !valid ? null : negative ? -(decimal)number : number;
            case ulong unsigned:
                return unsigned;
            case IConvertible and not (double or float or decimal or DateTime or char or DBNull):
                return Convert.ToInt64(value, CultureInfo.InvariantCulture);
            default:
                return null;
        }
    }

    private void AddList(string name, IEnumerable list, List<ushort> numbers)
    {
        int index = 0;
        foreach (object? item in list)
        {
            ulong number = Number(item) ?? throw Expects($"{name}[{index}]", "uint64");
            numbers.Add(number <= ushort.MaxValue ? (ushort)number : throw Expects($"{name}[{index}]", "uint16_t"));
            index++;
        }
    }

    private static void AddRange(string name, string text, List<ushort> numbers)
    {
        string[] ends = text.Split('-', 2);
        if (!ushort.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort first)
            || !ushort.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out ushort last)
            || last < first)
        {
            throw Expects(name, "an uint16 value or range");
        }

        for (int n = first; n <= last; n++)
            numbers.Add((ushort)n);
    }

    /// <summary>The last value of a name, as later ones win; null when there is none, <see cref="DBNull"/> for a null of strict JSON, which is of no type.</summary>
    private object? Find(string name)
    {
        _known.Add(name);
        int at = _values.FindLastIndex(pair => pair.Key == name);
        return at < 0 ? null : _values[at].Value ?? (IsStrict ? DBNull.Value : null);
    }

    /// <summary>Refuses a value of a wrong type.</summary>
    /// <param name="name">The property.</param>
    /// <param name="expected">What it should have been.</param>
    internal static EngineException WrongType(string name, string expected) =>
        new(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Invalid parameter type for '{name}', expected: {expected}", name);

    private static EngineException Expects(string name, string what) =>
        new(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Parameter '{name}' expects {what}", name);
}
