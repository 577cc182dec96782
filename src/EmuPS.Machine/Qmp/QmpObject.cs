using System.Collections.Generic;

namespace EmuPS.Machine.Qmp;

/// <summary>Makes the objects that commands return.</summary>
internal static class QmpObject
{
    /// <summary>The object without members, which most commands return.</summary>
    internal static OrderedDictionary<string, object?> Empty => [];

    /// <summary>Makes an object of members.</summary>
    /// <param name="members">Name and value; a member whose value is null is left out.</param>
    internal static OrderedDictionary<string, object?> Of(params (string Name, object? Value)[] members)
    {
        OrderedDictionary<string, object?> made = [];
        foreach ((string name, object? value) in members)
        {
            if (value is not null)
                made[name] = value;
        }

        return made;
    }
}
