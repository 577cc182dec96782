using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>True or false.</summary>
internal sealed class SchemaFlag() : SchemaBuiltin("bool", "boolean")
{
    /// <inheritdoc/>
    internal override object Read(string name, object value, PropertyDialect dialect) => value switch
    {
        bool flag => flag,
        string text when !dialect.IsStrict => text switch
        {
            "on" or "yes" or "true" or "y" => true,
            "off" or "no" or "false" or "n" => false,
            _ => throw PropertyError.Expects(name, "'on' or 'off'"),
        },
        _ => throw PropertyError.WrongType(name, "boolean"),
    };
}
