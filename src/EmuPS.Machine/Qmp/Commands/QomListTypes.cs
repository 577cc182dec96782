using System.Linq;
using EmuPS.Machine.Qmp.Schema;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the types of objects.</summary>
internal sealed class QomListTypes : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "qom-list-types";

    /// <inheritdoc/>
    public SchemaObject Arguments { get; } = new(new SchemaMember("implements", SchemaType.Text, IsOptional: true), new SchemaMember("abstract", SchemaType.Flag, IsOptional: true));

    /// <inheritdoc/>
    public SchemaType Result { get; } = new SchemaObject(new SchemaMember("name", SchemaType.Text), new SchemaMember("abstract", SchemaType.Flag, IsOptional: true), new SchemaMember("parent", SchemaType.Text, IsOptional: true)).List;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string? implements = arguments.Text("implements");
        bool withAbstract = arguments.Flag("abstract") ?? false;
        return QomTypes.All
            .Where(type => (withAbstract || !type.IsAbstract) && (implements is null || type.Implements(implements)))
            .Select(type => QmpObject.Of(("name", type.Name), ("parent", type.Parent), ("abstract", type.IsAbstract ? true : null)))
            .ToList();
    }
}
