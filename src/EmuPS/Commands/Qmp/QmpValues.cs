using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using EmuPS.Errors;

namespace EmuPS.Commands;

/// <summary>Turns PowerShell's values into QMP's and back.</summary>
internal static class QmpValues
{
    // Deeper than any command's arguments; a table that holds itself has no bottom.
    private const int DeepestNesting = 32;

    /// <summary>Makes arguments of a hashtable.</summary>
    /// <exception cref="EmuException">It nests too deep.</exception>
    public static Dictionary<string, object?> ToArguments(IDictionary table) => ToMembers(table, 1);

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

    private static Dictionary<string, object?> ToMembers(IDictionary table, int depth)
    {
        Dictionary<string, object?> members = [];
        foreach (DictionaryEntry entry in table)
            members[Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!] = ToQmp(entry.Value, depth);
        return members;
    }

    private static object? ToQmp(object? value, int depth) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => null,
        string text => text,
        bool or long or ulong or double => value is PSObject inner ? inner.BaseObject : value,
        SwitchParameter flag => flag.IsPresent,
        float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        IEnumerable or PSCustomObject when depth >= DeepestNesting => throw new EmuException(
            ErrorIds.InvalidArgument, $"-Arguments has more than {DeepestNesting} levels.", "See whether something in it holds itself.", category: ErrorCategory.InvalidArgument),
        IDictionary table => ToMembers(table, depth + 1),
        IEnumerable list => list.Cast<object?>().Select(item => ToQmp(item, depth + 1)).ToList(),
        PSCustomObject => ((PSObject)value!).Properties.ToDictionary(property => property.Name, property => ToQmp(property.Value, depth + 1)),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture),
    };
}
