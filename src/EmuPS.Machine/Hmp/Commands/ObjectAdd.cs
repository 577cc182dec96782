using System.Linq;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Qom;

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
        if (PropertyHelp.AskedFor(argument) is { } type)
        {
            return MemoryBackendProperties.Types.Contains(type)
                ? PropertyHelp.Of(type, QomTypes.Find(type).Properties)
                : "List of user creatable objects:\n" + string.Concat(MemoryBackendProperties.Types.Select(known => $"  {known}\n"));
        }

        PropertySource source = PropertySource.FromTextOrJson(argument, "qom-type", PropertyDialect.MonitorText, PropertyDialect.Json);
        machine.Hotplug.AddBackend(MemoryBackendProperties.Read(source));
        return string.Concat(source.Warnings.Select(warning => $"warning: {warning}\n"));
    }
}
