using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Gives the version.</summary>
internal sealed class QueryVersion : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-version";

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(
        new SchemaMember("qemu", new SchemaObject(new SchemaMember("major", SchemaType.Integer), new SchemaMember("minor", SchemaType.Integer), new SchemaMember("micro", SchemaType.Integer))),
        new SchemaMember("package", SchemaType.Text));

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        return QemuVersion.Describe();
    }
}
