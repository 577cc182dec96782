using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace EmuPS.Machine.QemuOptions;

/// <summary>Splits QEMU's option texts: <c>first,key=value,key=value</c>. A comma inside a value is written twice.</summary>
public static class OptionText
{
    /// <summary>Splits a text into keys and values, in order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="impliedKey">The key of a first value without one, or null.</param>
    /// <exception cref="EngineException">A part without <c>=</c> that is not the first.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text, string? impliedKey) => Parse(text, impliedKey, checkKeys: false, shortForms: false);

    /// <summary>As the other, for the newer half of QEMU's options, where keys must look like names and a first value without a key holds no comma.</summary>
    /// <param name="text">The text.</param>
    /// <param name="impliedKey">The key of a first value without one, or null.</param>
    /// <param name="checkKeys">Whether to read as the newer half.</param>
    /// <param name="shortForms">Whether a key alone means that it is on, and one that begins with <c>no</c> that the rest of it is off.</param>
    /// <exception cref="EngineException">A part without <c>=</c> that is not the first, or a malformed key.</exception>
    internal static IReadOnlyList<KeyValuePair<string, string>> Parse(string text, string? impliedKey, bool checkKeys, bool shortForms)
    {
        List<KeyValuePair<string, string>> list = [];
        int at = 0;
        while (at < text.Length)
        {
            int end = at;
            while (end < text.Length && text[end] is not ('=' or ','))
                end++;
            string key = text[at..end];
            if (checkKeys && list.Count == 0 && impliedKey is not null && key.Length > 0 && !(end < text.Length && text[end] == '='))
            {
                list.Add(new(impliedKey, key));
                at = end + 1;
                continue;
            }

            if (checkKeys && !IsName(key))
            {
                throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Invalid parameter '{key}'", text);
            }

            if (end < text.Length && text[end] == '=')
            {
                at = end + 1;
            }
            else if (list.Count == 0 && impliedKey is not null)
            {
                key = impliedKey;
            }
            else if (shortForms && key.Length > 0)
            {
                bool isOff = key.StartsWith("no", System.StringComparison.Ordinal);
                list.Add(new(isOff ? key[2..] : key, isOff ? "off" : "on"));
                at = end + 1;
                continue;
            }
            else
            {
                throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Expected '=' after parameter '{key}'", text);
            }

            list.Add(new(key, TakeValue(text, ref at)));
        }

        return list;
    }

    /// <summary>Names with dots between; from the second on they may be numbers.</summary>
    private static bool IsName(string key)
    {
        string[] parts = key.Split('.');
        for (int n = 0; n < parts.Length; n++)
        {
            string part = parts[n];
            bool isNumber = n > 0 && part.Length > 0 && part.All(char.IsAsciiDigit);
            bool isWord = part.Length > 0 && char.IsAsciiLetter(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
            if (!isNumber && !isWord)
            {
                return false;
            }
        }

        return true;
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
