using System.Collections.Generic;
using System.Linq;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Machine.Events;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>The events of a VM as the cmdlets show them.</summary>
internal static class EventSnapshots
{
    /// <summary>Takes a snapshot of an event.</summary>
    public static EmuEvent From(EmuVM vm, MachineEvent happened) => new(vm)
    {
        Sequence = happened.Sequence,
        Time = happened.Time,
        Name = happened.Name,
        Data = Copy(happened.Data),
    };

    /// <summary>Makes patterns of the names that a user typed; null takes all. One that cannot be read ends the cmdlet.</summary>
    public static NamePattern[]? Patterns(EmuCmdlet cmdlet, IEnumerable<string>? names) => names?.Select(name =>
    {
        var pattern = new NamePattern(name);
        try
        {
            pattern.Check();
        }
        catch (EmuException error)
        {
            cmdlet.ThrowTerminatingError(EmuError.FromEngine(error, name));
        }

        return pattern;
    }).ToArray();

    /// <summary>Whether an event's name is among those that are wanted.</summary>
    public static bool Matches(NamePattern[]? patterns, string name) => patterns is null || patterns.Any(pattern => pattern.IsMatch(name));

    // PowerShell's dot reaches into dictionaries of this type, nested ones too.
    private static Dictionary<string, object?> Copy(IReadOnlyDictionary<string, object?> data) =>
        data.ToDictionary(pair => pair.Key, pair => pair.Value is IReadOnlyDictionary<string, object?> inner ? Copy(inner) : pair.Value);
}
