using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Gives initial and plugged memory in bytes.</summary>
internal sealed class QueryMemorySizeSummary : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-memory-size-summary";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        MemorySizeSummary summary = machine.Hotplug.Summary;
        return QmpObject.Of(("base-memory", summary.BaseBytes), ("plugged-memory", summary.PluggedBytes));
    }
}
