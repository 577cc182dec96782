using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>A number of bytes: in JSON a number, in text perhaps with a unit.</summary>
internal sealed class SchemaSize() : SchemaBuiltin("int", "int")
{
    /// <inheritdoc/>
    internal override object Read(string name, object value, PropertyDialect dialect)
    {
        if (!dialect.IsStrict && value is string text)
        {
            return SizeText.TryParse(text, out ulong bytes) == SizeTextResult.Valid
                ? bytes
                : throw PropertyError.Expects(name, dialect == PropertyDialect.CommandLineText ? "a size value" : "size");
        }

        return SchemaInteger.Unsigned(value, PropertyDialect.Json) ?? throw PropertyError.Expects(name, "uint64");
    }
}
