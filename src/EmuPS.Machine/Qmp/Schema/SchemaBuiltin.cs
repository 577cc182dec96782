namespace EmuPS.Machine.Qmp.Schema;

/// <summary>A type that JSON has. Types of one name are one in the schema.</summary>
internal abstract class SchemaBuiltin(string name, string jsonType) : SchemaType
{
    /// <summary>Its name in the schema.</summary>
    internal string Name => name;

    /// <summary>What JSON calls it.</summary>
    internal string JsonType => jsonType;
}
