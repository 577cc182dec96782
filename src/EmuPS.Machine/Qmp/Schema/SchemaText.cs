using System;
using System.Collections;
using System.Globalization;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>A text.</summary>
internal sealed class SchemaText() : SchemaBuiltin("str", "string")
{
    /// <inheritdoc/>
    internal override object Read(string name, object value, PropertyDialect dialect) =>
        value as string ?? (dialect.IsStrict || value is IEnumerable ? throw PropertyError.WrongType(name, "string") : ToText(value));

    /// <summary>Writes a value of JSON as QEMU does where it takes texts only.</summary>
    /// <param name="value">The value.</param>
    internal static string ToText(object value) => value switch
    {
        bool flag => flag ? "on" : "off",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };
}
