namespace EmuPS.Machine.Qmp;

/// <summary>The kinds of tokens of JSON text.</summary>
internal enum JsonTokenKind
{
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Colon,
    Comma,
    Text,
    Number,
    Keyword,

    /// <summary>A string whose contents are wrong; the text is what is wrong with it.</summary>
    BadText,
}
