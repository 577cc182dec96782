using EmuPS.Machine.Qmp.Schema;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Changes a property of an object.</summary>
internal sealed class QomSet : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "qom-set";

    /// <inheritdoc/>
    public SchemaObject Arguments { get; } = new(new SchemaMember("path", SchemaType.Text), new SchemaMember("property", SchemaType.Text), new SchemaMember("value", SchemaType.Any));

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string path = arguments.Required("path");
        string property = arguments.Required("property");
        object? value = arguments.Any("value");
        QomTree.Of(machine).Resolve(path, isAmbiguityTold: false).Set(property, value);
        return QmpObject.Empty;
    }
}
