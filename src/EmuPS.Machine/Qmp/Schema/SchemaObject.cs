using System.Collections.Generic;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>An object, or with a tag a union: what is in it beyond its members depends on the tag's value.</summary>
internal sealed class SchemaObject(params SchemaMember[] members) : SchemaType
{
    /// <summary>The object without members.</summary>
    internal static SchemaObject Empty { get; } = new();

    /// <summary>The members in every case, in order.</summary>
    internal IReadOnlyList<SchemaMember> Members => members;

    /// <summary>The member that tells the cases apart, or null.</summary>
    internal string? Tag { get; init; }

    /// <summary>The cases by the tag's value.</summary>
    internal IReadOnlyList<(string Case, SchemaObject Type)> Variants { get; init; } = [];

    /// <summary>Whether members that are not listed are let through, which the schema cannot say: device_add's, which the device checks.</summary>
    internal bool IsOpen { get; init; }

    /// <inheritdoc/>
    /// <remarks>No command has an object in its arguments; the arguments themselves are read by <see cref="PropertySource.Read"/>.</remarks>
    internal override object Read(string name, object value, PropertyDialect dialect) =>
        value as IReadOnlyDictionary<string, object?> ?? throw PropertyError.WrongType(name, "object");
}
