namespace EmuPS.Machine.Qmp.Schema;

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsOptional">Whether it may be left out.</param>
internal sealed record SchemaMember(string Name, SchemaType Type, bool IsOptional = false);
