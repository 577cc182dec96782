using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>A type of the protocol: query-qmp-schema describes it, and values are read by it. Two uses of one instance are one type.</summary>
internal abstract class SchemaType
{
    /// <summary>A text.</summary>
    internal static SchemaText Text { get; } = new();

    /// <summary>A whole number of 64 bits.</summary>
    internal static SchemaInteger Integer { get; } = new("int64_t", long.MinValue, long.MaxValue);

    /// <summary>A whole number of 32 bits.</summary>
    internal static SchemaInteger Signed32 { get; } = new("int32_t", int.MinValue, int.MaxValue);

    /// <summary>A number of 64 bits without a sign.</summary>
    internal static SchemaInteger Unsigned64 { get; } = new("uint64_t", 0, ulong.MaxValue);

    /// <summary>A number of 32 bits without a sign.</summary>
    internal static SchemaInteger Unsigned32 { get; } = new("uint32_t", 0, uint.MaxValue);

    /// <summary>A number of 16 bits without a sign.</summary>
    internal static SchemaInteger Unsigned16 { get; } = new("uint16_t", 0, ushort.MaxValue);

    /// <summary>A number of 8 bits without a sign.</summary>
    internal static SchemaInteger Unsigned8 { get; } = new("uint8_t", 0, byte.MaxValue);

    /// <summary>A number of bytes, which texts may give with a unit.</summary>
    internal static SchemaSize Size { get; } = new();

    /// <summary>True or false.</summary>
    internal static SchemaFlag Flag { get; } = new();

    /// <summary>Any value.</summary>
    internal static SchemaAny Any { get; } = new();

    /// <summary>A list of this type.</summary>
    internal SchemaArray List => new(this);

    /// <summary>Reads a value as somebody wrote it.</summary>
    /// <param name="name">The name of the property, for messages; one in a list ends with its place in brackets.</param>
    /// <param name="value">The value: of JSON's types, with <see cref="System.DBNull"/> for null, or text.</param>
    /// <param name="dialect">How it is written.</param>
    /// <returns>The value in the type's form: string, bool, long or ulong, list of these.</returns>
    /// <exception cref="EngineException">It is not of this type; the words are QEMU's.</exception>
    internal abstract object? Read(string name, object value, PropertyDialect dialect);
}
