using System;
using System.Collections.Generic;

namespace EmuPS.Architecture.Tests;

/// <summary>
/// C# source with the contents of comments, strings and characters blanked out, so that a search finds code only.
/// Lines and columns stay where they were. Holes of interpolated strings count as string, except that quotes in them nest.
/// </summary>
internal static class CSharpCode
{
    /// <summary>Blanks out everything that is not code.</summary>
    public static string Of(string source)
    {
        char[] code = source.ToCharArray();
        int i = 0;
        while (i < source.Length)
        {
            int end = EndOfBlank(source, i);
            if (end == i)
            {
                i++;
                continue;
            }

            for (; i < end; i++)
            {
                if (code[i] != '\n')
                    code[i] = ' ';
            }
        }

        return new string(code);
    }

    /// <summary>The lines of blanked source that stand outside all braces.</summary>
    public static IEnumerable<string> TopLevelLines(string code)
    {
        int depth = 0;
        foreach (string line in code.Split('\n'))
        {
            if (depth == 0)
                yield return line;
            foreach (char c in line)
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        }
    }

    private static int EndOfBlank(string s, int i)
    {
        if (At(s, i, "//"))
            return IndexOrEnd(s, "\n", i);
        if (At(s, i, "/*"))
            return After(s, "*/", i + 2);
        if (s[i] == '\'')
            return EndOfCharacter(s, i);
        int quote = i;
        bool interpolated = false, verbatim = false;
        for (; quote < s.Length && s[quote] is '$' or '@'; quote++)
        {
            interpolated |= s[quote] == '$';
            verbatim |= s[quote] == '@';
        }

        if (quote >= s.Length || s[quote] != '"')
            return i;
        int quotes = Run(s, quote, '"');
        return quotes >= 3
            ? After(s, new string('"', quotes), quote + quotes)
            : EndOfString(s, quote + 1, interpolated, verbatim);
    }

    private static int EndOfString(string s, int i, bool interpolated, bool verbatim)
    {
        while (i < s.Length)
        {
            if (s[i] == '\\' && !verbatim)
                i += 2;
            else if (s[i] == '"' && verbatim && At(s, i, "\"\""))
                i += 2;
            else if (s[i] == '"')
                return i + 1;
            else if (s[i] == '{' && interpolated)
                i = At(s, i, "{{") ? i + 2 : EndOfHole(s, i + 1);
            else
                i++;
        }

        return s.Length;
    }

    private static int EndOfHole(string s, int i)
    {
        int depth = 1;
        while (i < s.Length)
        {
            int end = EndOfBlank(s, i);
            if (end > i)
            {
                i = end;
                continue;
            }

            depth += s[i] == '{' ? 1 : s[i] == '}' ? -1 : 0;
            i++;
            if (depth == 0)
                return i;
        }

        return s.Length;
    }

    // A digit separator is an underscore in C#, so a lone apostrophe can only open a character.
    private static int EndOfCharacter(string s, int i)
    {
        i += i + 1 < s.Length && s[i + 1] == '\\' ? 3 : 2;
        return After(s, "'", Math.Min(i, s.Length));
    }

    private static bool At(string s, int i, string what) => string.CompareOrdinal(s, i, what, 0, what.Length) == 0;

    private static int IndexOrEnd(string s, string what, int from)
    {
        int index = from <= s.Length ? s.IndexOf(what, from, StringComparison.Ordinal) : -1;
        return index < 0 ? s.Length : index;
    }

    private static int After(string s, string what, int from) => Math.Min(IndexOrEnd(s, what, from) + what.Length, s.Length);

    private static int Run(string s, int i, char c)
    {
        int from = i;
        while (i < s.Length && s[i] == c)
            i++;
        return i - from;
    }
}
