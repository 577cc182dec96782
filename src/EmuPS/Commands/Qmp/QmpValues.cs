using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace EmuPS.Commands;

/// <summary>Turns PowerShell's values into QMP's and back.</summary>
internal static class QmpValues
{
    /// <summary>Makes arguments of a hashtable.</summary>
    public static Dictionary<string, object?> ToArguments(IDictionary table)
    {
        Dictionary<string, object?> arguments = [];
        foreach (DictionaryEntry entry in table)
            arguments[Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!] = ToQmp(entry.Value);
        return arguments;
    }

    /// <summary>Makes an object of what a command returned: dictionaries become objects with properties.</summary>
    public static object? ToObject(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> members => ToPSObject(members),
        string or null => value,
        IEnumerable list => list.Cast<object?>().Select(ToObject).ToArray(),
        _ => value,
    };

    private static PSObject ToPSObject(IReadOnlyDictionary<string, object?> members)
    {
        PSObject made = new();
        foreach ((string name, object? value) in members)
            made.Properties.Add(new PSNoteProperty(name, ToObject(value)));
        return made;
    }

    private static object? ToQmp(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => null,
        string text => text,
        bool or long or ulong or double => value is PSObject inner ? inner.BaseObject : value,
        SwitchParameter flag => flag.IsPresent,
        float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        IDictionary table => ToArguments(table),
        IEnumerable list => list.Cast<object?>().Select(ToQmp).ToList(),
        PSCustomObject => ((PSObject)value!).Properties.ToDictionary(property => property.Name, property => ToQmp(property.Value)),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture),
    };
}
