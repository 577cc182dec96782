using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.Events;

namespace EmuPS.Machine.Tests.Events;

/// <summary>Writes events as short texts that tests compare.</summary>
internal static class EventText
{
    /// <summary>The name, then the values of the data in order.</summary>
    public static string Of(MachineEvent happened) => happened.Name + Flatten(happened.Data);

    private static string Flatten(IReadOnlyDictionary<string, object?> data) =>
        string.Concat(data.Select(pair => pair.Value is IReadOnlyDictionary<string, object?> inner ? Flatten(inner) : $" {pair.Key}={pair.Value}"));
}
