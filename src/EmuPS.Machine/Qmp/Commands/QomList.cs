using System.Linq;
using EmuPS.Machine.Qmp.Schema;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the properties of an object.</summary>
internal sealed class QomList : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "qom-list";

    /// <inheritdoc/>
    public SchemaObject Arguments { get; } = new(new SchemaMember("path", SchemaType.Text));

    /// <inheritdoc/>
    public SchemaType Result { get; } = QmpTypes.Property.List;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string path = arguments.Required("path");
        return QomTree.Of(machine).Resolve(path).PropertiesAndChildren.Select(property => QmpObject.Of(("name", property.Name), ("type", property.Type))).ToList();
    }
}
