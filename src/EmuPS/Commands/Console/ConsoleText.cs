using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Text.RegularExpressions;
using EmuPS.Errors;

namespace EmuPS.Commands;

/// <summary>What the console cmdlets do with text.</summary>
internal static partial class ConsoleText
{
    /// <summary>Splits text into lines.</summary>
    /// <param name="text">The text.</param>
    /// <param name="withRest">Whether a last line without its end counts.</param>
    /// <returns>The lines, and the number of characters that they took.</returns>
    public static (IReadOnlyList<string> Lines, int Taken) Split(string text, bool withRest)
    {
        List<string> lines = [];
        int start = 0;
        while (text.IndexOf('\n', start) is var end and >= 0)
        {
            lines.Add(text[start..end].TrimEnd('\r'));
            start = end + 1;
        }

        if (withRest && start < text.Length)
        {
            lines.Add(text[start..].TrimEnd('\r'));
            start = text.Length;
        }

        return (lines, start);
    }

    /// <summary>The end of what was written before, for a terminal that shows it now.</summary>
    /// <param name="text">The text, as the guest wrote it.</param>
    /// <param name="limit">How many characters of it, at most; the first line is whole.</param>
    public static string Replay(string text, int limit)
    {
        int start = Math.Max(0, text.Length - limit);
        if (start > 0)
            start = text.IndexOf('\n', start - 1) is var line and >= 0 ? line + 1 : start;

        // What the guest asked its terminal back then, this one would answer now, and the answer would be typed.
        return TerminalQuestions().Replace(text[start..], "");
    }

    /// <summary>Makes the expression that a user typed; like <c>-match</c>, it does not tell upper from lower case.</summary>
    /// <exception cref="EmuException">It is no expression.</exception>
    public static Regex Pattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException error)
        {
            throw new EmuException(
                ErrorIds.InvalidPattern, error.Message, "Write a regular expression, with a backslash before what is meant literally.", error, ErrorCategory.InvalidArgument);
        }
    }

    // Reports of status, cursor, attributes, modes and colours (ECMA-48 8.3.24 and 8.3.35; xterm's DECRQM and OSC with "?").
    [GeneratedRegex(@"\e\[[?>=]?[0-9;]*(?:n|c|x|\$p)|\e\][0-9;]*;\?(?:\a|\e\\)|\eZ")]
    private static partial Regex TerminalQuestions();
}
