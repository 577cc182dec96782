using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Plugs a DIMM.</summary>
internal sealed class DeviceAdd : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "device_add";

    /// <inheritdoc/>
    public string Parameters => "driver[,prop=value][,...]";

    /// <inheritdoc/>
    public string Description => "add device, like -device on the command line";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.OptionalWord;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        if (PropertyHelp.AskedFor(argument) is { } type)
        {
            return type == DeviceAddition.PcDimm
                ? PropertyHelp.Of(type, QomTypes.Find(type).Properties)
                : $"Uncategorized devices:\nname \"{DeviceAddition.PcDimm}\", desc \"DIMM memory module\"\n";
        }

        DeviceAddition.Add(machine.Hotplug, PropertySource.FromText(argument, "driver", PropertyDialect.Device));
        return string.Empty;
    }
}
