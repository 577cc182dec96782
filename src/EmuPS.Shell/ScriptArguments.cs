using System;
using System.Collections.Generic;
using System.Management.Automation.Runspaces;

namespace EmuPS.Shell;

/// <summary>Turns the words after a script's name into parameters and values, as <c>pwsh -File</c> does.</summary>
internal static class ScriptArguments
{
    /// <summary>Reads the words.</summary>
    /// <param name="words">What the process was given.</param>
    /// <returns>Named parameters and positional values in their order.</returns>
    /// <remarks>
    /// A word that starts with a dash and a letter names a parameter. <c>-Name:value</c> carries its value, where
    /// <c>$true</c> and <c>$false</c> are the truth values. Otherwise the next word is the value, unless it names a parameter.
    /// </remarks>
    public static IEnumerable<CommandParameter> Parse(IReadOnlyList<string> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (!NamesParameter(word))
            {
                yield return new CommandParameter(null, word);
                continue;
            }

            int colon = word.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && colon + 1 < word.Length)
                yield return new CommandParameter(word[..colon], Value(word[(colon + 1)..]));
            else if (colon > 0 && i + 1 < words.Count)
                yield return new CommandParameter(word[..colon], Value(words[++i]));
            else
                yield return new CommandParameter(word);
        }
    }

    private static bool NamesParameter(string word) =>
        word.Length > 1 && word[0] == '-' && (char.IsLetter(word[1]) || word[1] is '_' or '?');

    private static object Value(string text) => text.ToLowerInvariant() switch
    {
        "$true" => true,
        "$false" => false,
        _ => text,
    };
}
