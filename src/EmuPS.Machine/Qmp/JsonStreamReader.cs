using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace EmuPS.Machine.Qmp;

/// <summary>Reads JSON values out of a stream of bytes, however they are cut; a value is read as soon as its brackets balance.</summary>
internal sealed class JsonStreamReader
{
    /// <summary>The most bytes of a value.</summary>
    internal const int MaximumBytes = 4 << 20;

    /// <summary>The most tokens of a value.</summary>
    internal const int MaximumTokens = 1 << 20;

    /// <summary>The deepest nesting of brackets.</summary>
    internal const int MaximumDepth = 1024;

    private readonly JsonLexer _lexer = new(MaximumBytes);
    private readonly List<JsonToken> _tokens = [];
    private readonly List<JsonToken> _news = [];
    private int _braces;
    private int _brackets;
    private int _bytes;

    /// <summary>What came of the bytes: a value, or an error in its place.</summary>
    /// <param name="Value">The value.</param>
    /// <param name="Error">What is wrong, or null.</param>
    internal readonly record struct Item(object? Value, string? Error);

    /// <summary>Reads one value of a text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="JsonSyntaxException">It is not exactly one value.</exception>
    internal static object? ReadOne(string text)
    {
        JsonStreamReader reader = new();
        List<Item> items = [.. reader.Feed(Encoding.UTF8.GetBytes(text + "\n"))];
        if (reader._tokens.Count > 0)
            items.Add(reader.End());
        return items switch
        {
            [] => throw new JsonSyntaxException("Expecting a JSON value"),
            [{ Error: { } error }, ..] => throw new JsonSyntaxException(error),
            [var only] => only.Value,
            _ => throw new JsonSyntaxException("Expecting at most one JSON value"),
        };
    }

    /// <summary>Takes bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The values and errors that end in them.</returns>
    internal IReadOnlyList<Item> Feed(ReadOnlySpan<byte> bytes)
    {
        List<Item> items = [];
        foreach (byte value in bytes)
        {
            try
            {
                _news.Clear();
                _lexer.Feed(value, _news);
                if (++_bytes > MaximumBytes && _tokens.Count > 0)
                    throw new JsonSyntaxException("JSON token size limit exceeded");
            }
            catch (JsonSyntaxException e)
            {
                Take(items);
                items.Add(new(null, e.Message));
                Reset();
                continue;
            }

            Take(items);
        }

        return items;
    }

    /// <summary>Makes of what began and did not end what it is: an error.</summary>
    private Item End()
    {
        try
        {
            return new(JsonParser.Parse(CollectionsMarshal.AsSpan(_tokens)), null);
        }
        catch (JsonSyntaxException e)
        {
            return new(null, e.Message);
        }
    }

    private void Take(List<Item> items)
    {
        foreach (JsonToken token in _news)
        {
            try
            {
                Count(token.Kind);
                _tokens.Add(token);
                if (_braces > 0 || _brackets > 0)
                    continue;
                items.Add(new(JsonParser.Parse(CollectionsMarshal.AsSpan(_tokens)), null));
            }
            catch (JsonSyntaxException e)
            {
                items.Add(new(null, e.Message));
            }

            Reset();
        }

        _news.Clear();
    }

    private void Count(JsonTokenKind kind)
    {
        switch (kind)
        {
            case JsonTokenKind.LeftBrace:
                _braces++;
                break;
            case JsonTokenKind.RightBrace:
                _braces--;
                break;
            case JsonTokenKind.LeftBracket:
                _brackets++;
                break;
            case JsonTokenKind.RightBracket:
                _brackets--;
                break;
        }

        // One closer too many makes the value end here, to be refused by the parser.
        if (_braces < 0 || _brackets < 0)
            _braces = _brackets = 0;
        if (_braces + _brackets > MaximumDepth)
            throw new JsonSyntaxException("JSON nesting depth limit exceeded");
        if (_tokens.Count >= MaximumTokens)
            throw new JsonSyntaxException("JSON token count limit exceeded");
    }

    private void Reset()
    {
        _tokens.Clear();
        _braces = _brackets = _bytes = 0;
    }
}
