using System.Linq;
using System.Management.Automation.Language;

namespace EmuPS.Completion;

/// <summary>Quotes completed words so that PowerShell reads them as they are meant.</summary>
internal static class Quoting
{
    /// <summary>Quotes a word where it needs it, or with the quote that the user has begun.</summary>
    /// <param name="word">The word.</param>
    /// <param name="begun">The quote already typed, or a null character.</param>
    public static string Quote(string word, char begun) => begun switch
    {
        '"' => "\"" + word.Replace("`", "``").Replace("$", "`$").Replace("\"", "`\"") + "\"",
        '\'' => "'" + CodeGeneration.EscapeSingleQuotedStringContent(word) + "'",
        _ when word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/') && word[0] != '-' => word,
        _ => "'" + CodeGeneration.EscapeSingleQuotedStringContent(word) + "'",
    };
}
