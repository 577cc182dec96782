using System.Linq;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the properties of a type of device.</summary>
internal sealed class DeviceListProperties : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "device-list-properties";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string name = arguments.Required("typename");
        arguments.End();
        return QomTypes.Device(name).Properties.Where(property => !property.IsHousekeeping).Select(property => property.Describe()).ToList();
    }
}
