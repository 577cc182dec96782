using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Deletes a memory backend.</summary>
internal sealed class ObjectDel : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "object-del";

    /// <inheritdoc/>
    public SchemaObject Arguments { get; } = new(new SchemaMember("id", SchemaType.Text));

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string id = arguments.Required("id");
        machine.Hotplug.RemoveBackend(id);
        return QmpObject.Empty;
    }
}
