using System.Linq;
using EmuPS.Machine.Qmp.Schema;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the properties of a type of device.</summary>
internal sealed class DeviceListProperties : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "device-list-properties";

    /// <inheritdoc/>
    public SchemaObject Arguments { get; } = new(new SchemaMember("typename", SchemaType.Text));

    /// <inheritdoc/>
    public SchemaType Result { get; } = QmpTypes.Property.List;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string name = arguments.Required("typename");
        return QomTypes.Device(name).Properties.Where(property => !property.IsHousekeeping).Select(property => property.Describe()).ToList();
    }
}
