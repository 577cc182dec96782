using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace EmuPS.Machine.Qmp;

/// <summary>Cuts a stream of bytes into tokens, as tolerant as QEMU's monitor: strings in single or double quotes, no line ends needed.</summary>
internal sealed class JsonLexer
{
    /// <summary>From here on no byte occurs in UTF-8; clients send them to have a half command forgotten.</summary>
    private const byte NoCharacter = 0xFE;

    private readonly int _maximumTokenBytes;
    private readonly List<byte> _bytes = [];
    private State _state;
    private byte _quote;
    private NumberPart _part;

    private enum State
    {
        Between,
        Text,
        Escape,
        Number,
        Keyword,
        Recovery,
    }

    private enum NumberPart
    {
        Sign,
        Zero,
        Integer,
        Point,
        Fraction,
        ExponentMark,
        ExponentSign,
        Exponent,
    }

    /// <summary>Makes a lexer.</summary>
    /// <param name="maximumTokenBytes">A longer token is an error.</param>
    internal JsonLexer(int maximumTokenBytes) => _maximumTokenBytes = maximumTokenBytes;

    /// <summary>Takes one byte.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="tokens">Where up to two tokens go that end with it.</param>
    /// <exception cref="JsonSyntaxException">The byte fits nowhere. The lexer goes on at the next structural character.</exception>
    internal void Feed(byte value, List<JsonToken> tokens)
    {
        switch (_state)
        {
            case State.Text when value == _quote:
                tokens.Add(Unescape());
                Clear();
                break;
            case State.Text when value is >= 0x20 and < NoCharacter:
                Keep(value);
                _state = value == '\\' ? State.Escape : State.Text;
                break;
            case State.Escape when value is >= 0x20 and < NoCharacter:
                Keep(value);
                _state = State.Text;
                break;
            case State.Text or State.Escape:
                throw Stray(value);
            case State.Number when NextPart(value) is { } part:
                Keep(value);
                _part = part;
                break;
            case State.Number when _part is not (NumberPart.Zero or NumberPart.Integer or NumberPart.Fraction or NumberPart.Exponent) || (_part == NumberPart.Zero && char.IsAsciiDigit((char)value)):
                throw Stray(value);
            case State.Keyword when char.IsAsciiLetterLower((char)value):
                Keep(value);
                break;
            case State.Number or State.Keyword:
                EndWord(tokens);
                FeedBetween(value, tokens);
                break;
            case State.Recovery when value >= NoCharacter:
                _state = State.Between;
                break;
            case State.Recovery when !(value < 0x20 || "{}[]:,".Contains((char)value, StringComparison.Ordinal)):
                break;
            default:
                _state = State.Between;
                FeedBetween(value, tokens);
                break;
        }
    }

    /// <summary>Where in a number a byte leads; null when it is no part of the number.</summary>
    private NumberPart? NextPart(byte value) => (_part, (char)value) switch
    {
        (NumberPart.Sign, '0') => NumberPart.Zero,
        (NumberPart.Sign or NumberPart.Integer, >= '0' and <= '9') => NumberPart.Integer,
        (NumberPart.Zero or NumberPart.Integer, '.') => NumberPart.Point,
        (NumberPart.Point or NumberPart.Fraction, >= '0' and <= '9') => NumberPart.Fraction,
        (NumberPart.Zero or NumberPart.Integer or NumberPart.Fraction, 'e' or 'E') => NumberPart.ExponentMark,
        (NumberPart.ExponentMark, '+' or '-') => NumberPart.ExponentSign,
        (NumberPart.ExponentMark or NumberPart.ExponentSign or NumberPart.Exponent, >= '0' and <= '9') => NumberPart.Exponent,
        _ => null,
    };

    private void FeedBetween(byte value, List<JsonToken> tokens)
    {
        switch ((char)value)
        {
            case ' ' or '\t' or '\r' or '\n':
                break;
            case '{':
                tokens.Add(new(JsonTokenKind.LeftBrace, string.Empty));
                break;
            case '}':
                tokens.Add(new(JsonTokenKind.RightBrace, string.Empty));
                break;
            case '[':
                tokens.Add(new(JsonTokenKind.LeftBracket, string.Empty));
                break;
            case ']':
                tokens.Add(new(JsonTokenKind.RightBracket, string.Empty));
                break;
            case ':':
                tokens.Add(new(JsonTokenKind.Colon, string.Empty));
                break;
            case ',':
                tokens.Add(new(JsonTokenKind.Comma, string.Empty));
                break;
            case '"' or '\'':
                _quote = value;
                _state = State.Text;
                break;
            case '-' or (>= '0' and <= '9'):
                Keep(value);
                _state = State.Number;
                _part = value switch { (byte)'-' => NumberPart.Sign, (byte)'0' => NumberPart.Zero, _ => NumberPart.Integer };
                break;
            case >= 'a' and <= 'z':
                Keep(value);
                _state = State.Keyword;
                break;
            default:
                throw Stray(value);
        }
    }

    private void EndWord(List<JsonToken> tokens)
    {
        string text = Encoding.ASCII.GetString([.. _bytes]);
        bool number = _state == State.Number;
        Clear();
        tokens.Add(new(number ? JsonTokenKind.Number : JsonTokenKind.Keyword, text));
    }

    private void Keep(byte value)
    {
        if (_bytes.Count >= _maximumTokenBytes)
        {
            Clear();
            _state = State.Recovery;
            throw new JsonSyntaxException("JSON token size limit exceeded");
        }

        _bytes.Add(value);
    }

    private JsonSyntaxException Stray(byte value)
    {
        // What is no UTF-8 becomes the replacement character; C's texts end with a zero.
        byte[] quote = _state is State.Text or State.Escape ? [_quote] : [];
        string shown = Encoding.UTF8.GetString([.. quote, .. _bytes[..Math.Min(_bytes.Count, 64)], .. value == 0 ? Array.Empty<byte>() : [value]]);
        Clear();
        _state = State.Recovery;
        return new JsonSyntaxException($"JSON parse error, stray '{shown}'");
    }

    private void Clear()
    {
        _bytes.Clear();
        _state = State.Between;
    }

    /// <summary>Makes a string of a quoted token's bytes. What is wrong inside is the parser's to report, when the value is whole.</summary>
    private JsonToken Unescape()
    {
        string raw;
        try
        {
            raw = new UTF8Encoding(false, true).GetString([.. _bytes]);
        }
        catch (DecoderFallbackException)
        {
            return new(JsonTokenKind.BadText, "invalid UTF-8 sequence in string");
        }

        StringBuilder text = new(raw.Length);
        for (int at = 0; at < raw.Length; at++)
        {
            if (raw[at] != '\\')
            {
                text.Append(raw[at]);
                continue;
            }

            char escape = raw[++at];
            int code;
            switch (escape)
            {
                case '"' or '\'' or '\\' or '/':
                    text.Append(escape);
                    break;
                case 'b' or 'f' or 'n' or 'r' or 't':
                    text.Append("\b\f\n\r\t"["bfnrt".IndexOf(escape, StringComparison.Ordinal)]);
                    break;
                case 'u' when at + 4 < raw.Length && int.TryParse(raw.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code):
                    text.Append((char)code);
                    at += 4;
                    break;
                case 'u':
                    return new(JsonTokenKind.BadText, $"invalid hex escape '\\{raw[at..Math.Min(raw.Length, at + 5)]}' in string");
                default:
                    return new(JsonTokenKind.BadText, $"invalid escape sequence '\\{escape}' in string");
            }
        }

        return FindNoCharacter(text.ToString()) is { } none
            ? new(JsonTokenKind.BadText, $"{string.Concat(none.Select(c => $"\\u{(int)c:x4}"))} is not a valid Unicode character")
            : new(JsonTokenKind.Text, text.ToString());
    }

    /// <summary>Finds the first code that is no character: half of a pair, or one of those that never will be one.</summary>
    private static string? FindNoCharacter(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
            {
                if (text[at] is (>= '\uFDD0' and <= '\uFDEF') or '\uFFFE' or '\uFFFF')
                    return text[at..(at + 1)];
                continue;
            }

            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                return text[at..(at + 1)];
            if ((char.ConvertToUtf32(text[at], text[at + 1]) & 0xFFFE) == 0xFFFE)
                return text[at..(at + 2)];
            at++;
        }

        return null;
    }
}
