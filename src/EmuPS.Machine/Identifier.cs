namespace EmuPS.Machine;

/// <summary>QEMU's identifiers: a letter, then letters, digits, hyphens, dots and underscores.</summary>
public static class Identifier
{
    /// <summary>The hint that QEMU prints on the console.</summary>
    public const string Hint = "Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.";

    /// <summary>Says whether a text is an identifier.</summary>
    /// <param name="text">The text.</param>
    public static bool IsValid(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetter(text[0]))
            return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
                return false;
        }

        return true;
    }

    /// <summary>Refuses a text that is no identifier; null passes.</summary>
    /// <param name="id">The text.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.InvalidIdentifier"/>.</exception>
    public static void Check(string? id)
    {
        if (id is not null && !IsValid(id))
            throw new EngineException(ErrorIds.InvalidIdentifier, EngineErrorCategory.InvalidArgument, "Parameter 'id' expects an identifier", id, Hint);
    }
}
