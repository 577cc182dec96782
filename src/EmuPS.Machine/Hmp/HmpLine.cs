using System;
using System.Text;

namespace EmuPS.Machine.Hmp;

/// <summary>Cuts a line of the human monitor into words.</summary>
internal static class HmpLine
{
    /// <summary>Takes a command's name, which a blank or a slash ends.</summary>
    /// <param name="line">The line.</param>
    /// <returns>The line up to the name's end; the name; what follows it, without blanks before it.</returns>
    internal static (string Start, string Name, string After) TakeName(string line)
    {
        int first = 0;
        while (first < line.Length && char.IsWhiteSpace(line[first]))
            first++;
        int end = first;
        while (end < line.Length && line[end] != '/' && !char.IsWhiteSpace(line[end]))
            end++;
        return (line[..end], line[first..end], line[end..].TrimStart());
    }

    /// <summary>Takes the word at the beginning; one in double quotes may hold blanks and the escapes \n, \r, \\, \' and \".</summary>
    /// <param name="line">The line.</param>
    /// <param name="rest">What follows the word, without blanks before it.</param>
    /// <returns>The word, or null when there is none or its quote is not closed.</returns>
    internal static string? TakeWord(string line, out string rest)
    {
        string text = line.TrimStart();
        rest = string.Empty;
        if (text.Length == 0)
            return null;
        if (text[0] != '"')
        {
            int end = 0;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
                end++;
            rest = text[end..].TrimStart();
            return text[..end];
        }

        StringBuilder word = new();
        for (int at = 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    rest = text[(at + 1)..].TrimStart();
                    return word.ToString();
                case '\\' when at + 1 < text.Length && "nr\\'\"".Contains(text[at + 1], StringComparison.Ordinal):
                    at++;
                    word.Append(text[at] switch { 'n' => '\n', 'r' => '\r', char other => other });
                    break;
                default:
                    word.Append(text[at]);
                    break;
            }
        }

        return null;
    }
}
