using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>One of several words.</summary>
internal sealed class SchemaEnum : SchemaType
{
    /// <summary>Takes the words.</summary>
    /// <param name="values">They.</param>
    internal SchemaEnum(params IEnumerable<string> values) => Values = [.. values];

    /// <summary>The words.</summary>
    internal IReadOnlyList<string> Values { get; }

    /// <summary>The names of an enumeration in lower case, which <see cref="Enum.Parse{TEnum}(string, bool)"/> takes.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    internal static SchemaEnum Of<T>()
        where T : struct, Enum => new(Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));

    /// <inheritdoc/>
    internal override object Read(string name, object value, PropertyDialect dialect)
    {
        string word = (string)Text.Read(name, value, dialect)!;
        return Values.Contains(word) ? word : throw PropertyError.Refused(name, word);
    }
}
