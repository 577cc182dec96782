using System.Collections.Generic;

namespace EmuPS.Machine.Qom;

/// <summary>A type of objects.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parent">The type it derives from, or null.</param>
/// <param name="IsAbstract">True when no object is of exactly this type.</param>
/// <param name="Properties">Its properties, inherited ones included.</param>
internal sealed record QomType(string Name, string? Parent, bool IsAbstract, IReadOnlyList<QomTypeProperty> Properties)
{
    /// <summary>Says whether objects of this type are of another, too.</summary>
    /// <param name="name">The other type.</param>
    internal bool Implements(string name)
    {
        for (QomType? type = this; type is not null; type = type.Parent is null ? null : QomTypes.Find(type.Parent))
        {
            if (type.Name == name)
                return true;
        }

        return name == "user-creatable" && Name.StartsWith("memory-backend", System.StringComparison.Ordinal);
    }
}
