namespace EmuPS.Machine.Qmp.Schema;

/// <summary>A type that JSON has.</summary>
internal sealed class SchemaBuiltin(string name, string jsonType) : SchemaType
{
    /// <summary>Its name in the schema.</summary>
    internal string Name => name;

    /// <summary>What JSON calls it.</summary>
    internal string JsonType => jsonType;

    /// <inheritdoc/>
    internal override string? Expected(object? value) => jsonType switch
    {
        "string" => value is string ? null : "string",
        "int" => value is long or ulong or int or uint ? null : "integer",
        "boolean" => value is bool ? null : "boolean",
        _ => null,
    };
}
