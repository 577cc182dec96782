using System.Linq;
using EmuPS.Machine.Qmp.Schema;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the properties of a type.</summary>
internal sealed class QomListProperties : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "qom-list-properties";

    /// <inheritdoc/>
    public SchemaObject Arguments { get; } = new(new SchemaMember("typename", SchemaType.Text));

    /// <inheritdoc/>
    public SchemaType Result { get; } = QmpTypes.Property.List;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string name = arguments.Required("typename");
        return QomTypes.Find(name).Properties.Select(property => (property with { Default = null }).Describe()).ToList();
    }
}
