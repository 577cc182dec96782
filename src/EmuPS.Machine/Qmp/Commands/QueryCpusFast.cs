using System.Linq;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the processors without disturbing them.</summary>
internal sealed class QueryCpusFast : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-cpus-fast";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        arguments.End();
        return machine.ProcessorThreads.Select((thread, index) => QmpObject.Of(
            ("thread-id", (long)thread),
            ("props", QmpObject.Of(("core-id", (long)index), ("thread-id", 0L), ("socket-id", 0L))),
            ("qom-path", $"/machine/unattached/device[{index}]"),
            ("cpu-index", (long)index),
            ("target", "x86_64"))).ToArray<object?>();
    }
}
