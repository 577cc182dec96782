using System.Collections;
using System.Collections.Generic;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>A list: in JSON a list, in text one or several texts, each a number or a range of numbers (<c>0-1</c>).</summary>
internal sealed class SchemaArray(SchemaType element) : SchemaType
{
    private const int MostInRange = 65536;

    /// <summary>What is in it.</summary>
    internal SchemaType Element => element;

    /// <inheritdoc/>
    internal override object Read(string name, object value, PropertyDialect dialect)
    {
        List<object?> read = [];
        if (value is not IEnumerable list || value is string or IReadOnlyDictionary<string, object?>)
            throw PropertyError.WrongType(name, "array");
        foreach (object? item in list)
        {
            if (item is string text && !dialect.IsStrict)
                AddRange(name, text, read);
            else
                read.Add(element.Read($"{name}[{read.Count}]", item ?? System.DBNull.Value, dialect));
        }

        return read;
    }

    private static void AddRange(string name, string text, List<object?> read)
    {
        int hyphen = text.IndexOf('-', System.StringComparison.Ordinal);
        ulong? first = IntegerText.Unsigned(hyphen < 0 ? text : text[..hyphen]);
        ulong? last = hyphen < 0 ? first : IntegerText.Unsigned(text[(hyphen + 1)..]);
        if (first is null || last is null || last < first || last - first >= MostInRange)
            throw PropertyError.Expects(name, "a uint64 value or range");
        for (ulong number = first.Value; number <= last; number++)
            read.Add(number <= ushort.MaxValue ? number : throw PropertyError.OutOfRange(name, "uint16_t"));
    }
}
