using System;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>Any value.</summary>
internal sealed class SchemaAny() : SchemaBuiltin("any", "value")
{
    /// <inheritdoc/>
    internal override object? Read(string name, object value, PropertyDialect dialect) => value is DBNull ? null : value;
}
