using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Text.RegularExpressions;
using EmuPS.Errors;

namespace EmuPS.Commands;

/// <summary>What the console cmdlets do with text.</summary>
internal static class ConsoleText
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
}
