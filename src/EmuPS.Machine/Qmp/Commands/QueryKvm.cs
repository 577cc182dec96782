using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Says that KVM is not used.</summary>
internal sealed class QueryKvm : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-kvm";

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(new SchemaMember("enabled", SchemaType.Flag), new SchemaMember("present", SchemaType.Flag));

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        return QmpObject.Of(("enabled", false), ("present", false));
    }
}
