using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows initial and plugged memory.</summary>
internal sealed class InfoMemorySizeSummary : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "memory_size_summary";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "show the amount of initially allocated and present hotpluggable (if enabled) memory in bytes.";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        MemorySizeSummary summary = machine.Hotplug.Summary;
        return $"base memory: {summary.BaseBytes}\nplugged memory: {summary.PluggedBytes}\n";
    }
}
