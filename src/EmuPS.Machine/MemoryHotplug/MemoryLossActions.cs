using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>The words of <see cref="MemoryLossAction"/>.</summary>
internal static class MemoryLossActions
{
    /// <summary>The name of the machine's property and option.</summary>
    internal const string PropertyName = "memory-loss";

    /// <summary>Reads the word.</summary>
    /// <param name="word">The word.</param>
    /// <exception cref="EngineException">It is neither <c>stop</c> nor <c>report</c>.</exception>
    internal static MemoryLossAction Parse(string word) => word switch
    {
        "stop" => MemoryLossAction.Stop,
        "report" => MemoryLossAction.Report,
        _ => throw PropertyError.Refused(PropertyName, word),
    };

    /// <summary>Writes the word.</summary>
    /// <param name="action">The action.</param>
    internal static string ToWord(this MemoryLossAction action) => action == MemoryLossAction.Stop ? "stop" : "report";
}
