using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Makes a memory backend.</summary>
internal sealed class ObjectAdd : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "object_add";

    /// <inheritdoc/>
    public string Parameters => "[qom-type=]type,id=str[,prop=value][,...]";

    /// <inheritdoc/>
    public string Description => "create QOM object";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.Line;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        machine.Hotplug.AddBackend(MemoryBackendProperties.Read(PropertySource.FromText(argument, "qom-type", PropertyDialect.MonitorText)));
        return string.Empty;
    }
}
