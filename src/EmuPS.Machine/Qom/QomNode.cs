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
    /// <summary>Its place in the tree.</summary>
    internal string Path { get; init; } = "/";

    /// <summary>Its properties, then its children, which are properties too: their values are their paths.</summary>
    internal IEnumerable<QomProperty> PropertiesAndChildren =>
        Properties.Concat(Children.Select(child => new QomProperty(child.Name, $"child<{child.Type}>", child.Path)));

    /// <summary>This object and all below it at a place in the tree.</summary>
    /// <param name="path">The place.</param>
    internal QomNode At(string path) => this with { Path = path, Children = [.. Children.Select(child => child.At($"{path.TrimEnd('/')}/{child.Name}"))] };

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

    private QomProperty Find(string name) => PropertiesAndChildren.FirstOrDefault(property => property.Name == name)
        ?? throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.ObjectNotFound, $"Property '{Type}.{name}' not found", name);
}
