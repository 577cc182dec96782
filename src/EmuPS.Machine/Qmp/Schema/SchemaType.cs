namespace EmuPS.Machine.Qmp.Schema;

/// <summary>A type of the protocol, as query-qmp-schema describes it. Two uses of one instance are one type.</summary>
internal abstract class SchemaType
{
    /// <summary>A text.</summary>
    internal static SchemaBuiltin Text { get; } = new("str", "string");

    /// <summary>A whole number.</summary>
    internal static SchemaBuiltin Integer { get; } = new("int", "int");

    /// <summary>True or false.</summary>
    internal static SchemaBuiltin Flag { get; } = new("bool", "boolean");

    /// <summary>Any value.</summary>
    internal static SchemaBuiltin Any { get; } = new("any", "value");

    /// <summary>A list of this type.</summary>
    internal SchemaArray List => new(this);

    /// <summary>Says why a value of the wrong type is refused, or null for one of the right type.</summary>
    /// <param name="value">The value.</param>
    /// <returns>QEMU's word for what was expected.</returns>
    internal abstract string? Expected(object? value);
}
