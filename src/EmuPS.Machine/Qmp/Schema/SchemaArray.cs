using System.Collections;
using System.Collections.Generic;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>A list.</summary>
internal sealed class SchemaArray(SchemaType element) : SchemaType
{
    /// <summary>What is in it.</summary>
    internal SchemaType Element => element;

    /// <inheritdoc/>
    internal override string? Expected(object? value) =>
        value is IEnumerable and not string and not IReadOnlyDictionary<string, object?> ? null : "array";
}
