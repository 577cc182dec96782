using System.Collections.Generic;
using System.Text;

namespace EmuPS.Machine.QemuOptions;

/// <summary>Cuts texts into arguments as a shell does, a backslash at the end of a line included, without expanding anything.</summary>
internal static class QemuArgumentSplitter
{
    /// <summary>Cuts.</summary>
    /// <param name="texts">One text with all arguments, or several.</param>
    internal static List<string> Split(IReadOnlyList<string> texts)
    {
        List<string> arguments = [];
        foreach (string text in texts)
        {
            if (texts.Count == 1 || (text.StartsWith('-') && text.Contains(' ')))
                Cut(text, arguments);
            else
                arguments.Add(text);
        }

        return arguments;
    }

    private static void Cut(string text, List<string> arguments)
    {
        StringBuilder word = new();
        bool inWord = false;
        char quote = '\0';
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                else
                    word.Append(c);
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                inWord = true;
            }
            else if (char.IsWhiteSpace(c) || IsContinuation(text, at))
            {
                if (inWord)
                    arguments.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (quote != '\0')
            throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"A quotation mark ({quote}) is not closed.", text);
        if (inWord)
            arguments.Add(word.ToString());
    }

    /// <summary>A backslash that only says that the command goes on in the next line; a path may well end in another one.</summary>
    private static bool IsContinuation(string text, int at)
    {
        if (text[at] != '\\' || (at > 0 && !char.IsWhiteSpace(text[at - 1])))
            return false;
        string rest = text[(at + 1)..].TrimStart(' ', '\t');
        return rest.Length == 0 || rest[0] is '\r' or '\n';
    }
}
