using System;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>One of several words.</summary>
internal sealed class SchemaEnum : SchemaType
{
    /// <summary>Takes the words.</summary>
    /// <param name="values">They.</param>
    internal SchemaEnum(params IEnumerable<string> values) => Values = [.. values];

    /// <summary>The words.</summary>
    internal IReadOnlyList<string> Values { get; }

    /// <summary>The names of an enumeration in lower case, as <see cref="QemuOptions.PropertySource.Word"/> reads them.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    internal static SchemaEnum Of<T>()
        where T : struct, Enum => new(Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));

    /// <inheritdoc/>
    internal override string? Expected(object? value) => value is string ? null : "string";
}
