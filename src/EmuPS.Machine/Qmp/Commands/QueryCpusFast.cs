using System.Linq;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the processors without disturbing them.</summary>
internal sealed class QueryCpusFast : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-cpus-fast";

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(
        new SchemaMember("cpu-index", SchemaType.Integer),
        new SchemaMember("qom-path", SchemaType.Text),
        new SchemaMember("thread-id", SchemaType.Integer),
        new SchemaMember("props", new SchemaObject(new SchemaMember("socket-id", SchemaType.Integer, IsOptional: true), new SchemaMember("core-id", SchemaType.Integer, IsOptional: true), new SchemaMember("thread-id", SchemaType.Integer, IsOptional: true)), IsOptional: true),
        new SchemaMember("target", QmpTypes.Target))
    {
        Tag = "target",
        Variants = [.. QmpTypes.Target.Values.Select(target => (target, SchemaObject.Empty))],
    }.List;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        return machine.ProcessorThreads.Select((thread, index) => QmpObject.Of(
            ("thread-id", (long)thread),
            ("props", QmpObject.Of(("core-id", (long)index), ("thread-id", 0L), ("socket-id", 0L))),
            ("qom-path", $"/machine/unattached/device[{index}]"),
            ("cpu-index", (long)index),
            ("target", "x86_64"))).ToArray<object?>();
    }
}
