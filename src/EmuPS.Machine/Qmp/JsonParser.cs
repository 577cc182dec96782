using System;
using System.Collections.Generic;
using System.Globalization;

namespace EmuPS.Machine.Qmp;

/// <summary>Makes a value of the tokens of one: ordered dictionaries, lists, strings, long, ulong, double, bool, null.</summary>
internal ref struct JsonParser
{
    private readonly ReadOnlySpan<JsonToken> _tokens;
    private int _at;

    private JsonParser(ReadOnlySpan<JsonToken> tokens) => _tokens = tokens;

    /// <summary>Reads a value.</summary>
    /// <param name="tokens">Its tokens; brackets are nested no deeper than the caller's limit.</param>
    /// <exception cref="JsonSyntaxException">They make no value.</exception>
    internal static object? Parse(ReadOnlySpan<JsonToken> tokens) => new JsonParser(tokens).Value();

    private static JsonSyntaxException Error(string message) => new("JSON parse error, " + message);

    private JsonToken Next() => _at < _tokens.Length ? _tokens[_at++] : throw Error("premature EOI");

    private object? Value()
    {
        JsonToken token = Next();
        return token.Kind switch
        {
            JsonTokenKind.LeftBrace => Object(),
            JsonTokenKind.LeftBracket => List(),
            JsonTokenKind.Text => token.Text,
            JsonTokenKind.Number => Number(token.Text),
            JsonTokenKind.BadText => throw Error(token.Text),
            JsonTokenKind.Keyword => token.Text switch
            {
                "true" => true,
                "false" => false,
                "null" => null,
                _ => throw Error($"invalid keyword '{token.Text}'"),
            },
            _ => throw Error("expecting value"),
        };
    }

    private static object Number(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long signed))
            return signed;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong unsigned))
            return unsigned;
        return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private OrderedDictionary<string, object?> Object()
    {
        OrderedDictionary<string, object?> members = [];
        if (_at < _tokens.Length && _tokens[_at].Kind == JsonTokenKind.RightBrace)
        {
            _at++;
            return members;
        }

        while (true)
        {
            string key = Value() as string ?? throw Error("key is not a string in object");
            if (Next().Kind != JsonTokenKind.Colon)
                throw Error("missing : in object pair");
            object? value = Value();
            if (!members.TryAdd(key, value))
                throw Error("duplicate key");
            JsonTokenKind separator = Next().Kind;
            if (separator == JsonTokenKind.RightBrace)
                return members;
            if (separator != JsonTokenKind.Comma)
                throw Error("expected separator in dict");
        }
    }

    private List<object?> List()
    {
        List<object?> items = [];
        if (_at < _tokens.Length && _tokens[_at].Kind == JsonTokenKind.RightBracket)
        {
            _at++;
            return items;
        }

        while (true)
        {
            items.Add(Value());
            JsonTokenKind separator = Next().Kind;
            if (separator == JsonTokenKind.RightBracket)
                return items;
            if (separator != JsonTokenKind.Comma)
                throw Error("expected separator in list");
        }
    }
}
