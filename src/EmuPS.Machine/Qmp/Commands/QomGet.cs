using EmuPS.Machine.Qmp.Schema;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Reads a property of an object.</summary>
internal sealed class QomGet : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "qom-get";

    /// <inheritdoc/>
    public SchemaObject Arguments { get; } = new(new SchemaMember("path", SchemaType.Text), new SchemaMember("property", SchemaType.Text));

    /// <inheritdoc/>
    public SchemaType Result => SchemaType.Any;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string path = arguments.Required("path");
        string property = arguments.Required("property");
        return QomTree.Of(machine).Resolve(path, isAmbiguityTold: false).Get(property);
    }
}
