using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Machine.Qom;

/// <summary>An object of QEMU's object tree, as it was when somebody looked.</summary>
/// <param name="Name">Its name below its parent.</param>
/// <param name="Type">Its type.</param>
/// <param name="Properties">Its properties.</param>
/// <param name="Children">Its children.</param>
internal sealed record QomNode(string Name, string Type, IReadOnlyList<QomProperty> Properties, IReadOnlyList<QomNode> Children)
{
    /// <summary>Reads a property.</summary>
    /// <param name="name">Its name.</param>
    internal object? Get(string name) => Find(name).Value;

    /// <summary>Changes a property.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The new value.</param>
    internal void Set(string name, object? value)
    {
        QomProperty property = Find(name);
        if (property.Set is null)
            throw new EngineException(ErrorIds.PropertyReadOnly, EngineErrorCategory.InvalidOperation, $"Property '{Type}.{name}' is not writable", name);
        property.Set(value);
    }

    private QomProperty Find(string name) => Properties.FirstOrDefault(property => property.Name == name)
        ?? throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.ObjectNotFound, $"Property '{Type}.{name}' not found", name);
}
