using System.Collections.Generic;
using System.Text;

namespace EmuPS.Machine.QemuOptions;

/// <summary>Splits QEMU's option texts: <c>first,key=value,key=value</c>. A comma inside a value is written twice.</summary>
public static class OptionText
{
    /// <summary>Splits a text into keys and values, in order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="impliedKey">The key of a first value without one, or null.</param>
    /// <exception cref="EngineException">A part without <c>=</c> that is not the first.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text, string? impliedKey)
    {
        List<KeyValuePair<string, string>> list = [];
        int at = 0;
        while (at < text.Length)
        {
            int end = at;
            while (end < text.Length && text[end] is not ('=' or ','))
                end++;
            string key = text[at..end];
            if (end < text.Length && text[end] == '=')
            {
                at = end + 1;
            }
            else if (list.Count == 0 && impliedKey is not null)
            {
                key = impliedKey;
            }
            else
            {
                throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Expected '=' after parameter '{key}'", text);
            }

            list.Add(new(key, TakeValue(text, ref at)));
        }

        return list;
    }

    private static string TakeValue(string text, ref int at)
    {
        StringBuilder value = new();
        while (at < text.Length)
        {
            if (text[at] == ',')
            {
                if (at + 1 >= text.Length || text[at + 1] != ',')
                {
                    at++;
                    break;
                }

                at++;
            }

            value.Append(text[at++]);
        }

        return value.ToString();
    }
}
