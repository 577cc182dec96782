namespace EmuPS.Machine.Qmp;

/// <summary>A token of JSON text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A string's characters, a number's or a keyword's text; empty for punctuation.</param>
internal readonly record struct JsonToken(JsonTokenKind Kind, string Text);
