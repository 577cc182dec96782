using System;
using System.Collections;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>A whole number in a range; read as long when it may be negative, else as ulong.</summary>
/// <param name="type">The type in C, as messages name it.</param>
/// <param name="least">The smallest.</param>
/// <param name="most">The largest.</param>
internal sealed class SchemaInteger(string type, long least, ulong most) : SchemaBuiltin("int", "int")
{
    private bool IsSigned => least < 0;

    /// <inheritdoc/>
    internal override object Read(string name, object value, PropertyDialect dialect)
    {
        if (IsSigned)
        {
            long number = Signed(value, dialect) ?? throw (dialect.IsStrict ? PropertyError.WrongType(name, "integer") : PropertyError.Expects(name, "integer"));
            return number >= least && number <= (long)most ? number : throw PropertyError.OutOfRange(name, type);
        }

        ulong size = Unsigned(value, dialect) ?? throw PropertyError.Expects(name, dialect switch
        {
            PropertyDialect.Json or PropertyDialect.DeviceJson => "uint64",
            PropertyDialect.CommandLineText => "a uint64 value",
            _ => "integer",
        });
        return size <= most ? size : throw PropertyError.OutOfRange(name, type);
    }

    /// <summary>Reads a number without a sign; a negative one wraps, as QEMU takes it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="dialect">How it is written.</param>
    internal static ulong? Unsigned(object value, PropertyDialect dialect) => value switch
    {
        ulong number => number,
        long or int or uint or short or ushort or byte or sbyte => unchecked((ulong)Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
        _ when dialect.IsStrict || value is IEnumerable and not string => null,
        _ => IntegerText.Unsigned(SchemaText.ToText(value)),
    };

    private static long? Signed(object value, PropertyDialect dialect) => value switch
    {
        ulong number => number <= long.MaxValue ? (long)number : null,
        long or int or uint or short or ushort or byte or sbyte => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
        _ when dialect.IsStrict || value is IEnumerable and not string => null,
        _ => IntegerText.Signed(SchemaText.ToText(value)),
    };
}
