using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>query-qmp-schema: what there is, for programs.</summary>
internal sealed class QueryQmpSchema(QmpDispatcher dispatcher) : IQmpCommand
{
    private static readonly SchemaArray s_names = SchemaType.Text.List;

    /// <inheritdoc/>
    public string Name => "query-qmp-schema";

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(
        new SchemaMember("name", SchemaType.Text),
        new SchemaMember("meta-type", new SchemaEnum("builtin", "enum", "array", "object", "command", "event")),
        new SchemaMember("features", s_names, IsOptional: true))
    {
        Tag = "meta-type",
        Variants =
        [
            ("builtin", new SchemaObject(new SchemaMember("json-type", new SchemaEnum("string", "int", "boolean", "value")))),
            ("enum", new SchemaObject(
                new SchemaMember("members", new SchemaObject(new SchemaMember("name", SchemaType.Text)).List),
                new SchemaMember("values", s_names))),
            ("array", new SchemaObject(new SchemaMember("element-type", SchemaType.Text))),
            ("object", new SchemaObject(
                new SchemaMember("members", new SchemaObject(
                    new SchemaMember("name", SchemaType.Text),
                    new SchemaMember("type", SchemaType.Text),
                    new SchemaMember("default", SchemaType.Any, IsOptional: true)).List),
                new SchemaMember("tag", SchemaType.Text, IsOptional: true),
                new SchemaMember("variants", new SchemaObject(new SchemaMember("case", SchemaType.Text), new SchemaMember("type", SchemaType.Text)).List, IsOptional: true))),
            ("command", new SchemaObject(new SchemaMember("arg-type", SchemaType.Text), new SchemaMember("ret-type", SchemaType.Text))),
            ("event", new SchemaObject(new SchemaMember("arg-type", SchemaType.Text))),
        ],
    }.List;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments) =>
        SchemaWriter.Write(dispatcher.Declarations, QmpEvents.All);
}
