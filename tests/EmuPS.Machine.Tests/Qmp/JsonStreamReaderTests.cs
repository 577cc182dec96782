using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using EmuPS.Machine.Qmp;
using Xunit;

namespace EmuPS.Machine.Tests.Qmp;

public sealed class JsonStreamReaderTests
{
    [Theory]
    [InlineData("{'a': [1, -2, 18446744073709551615, 1.5e3, true, false, null, 'x\"y', {}]}", "{\"a\": [1, -2, 18446744073709551615, 1500, true, false, null, \"x\\\"y\", {}]}")]
    [InlineData("\"\\u00e4\\n\\/\\'\"", "\"\\u00e4\\n/'\"")]
    [InlineData("'\\uD83D\\uDE00'", "\"\\ud83d\\ude00\"")]
    [InlineData("\"ä\"", "\"\\u00e4\"")]
    [InlineData("42", "42")]
    [InlineData("-0", "0")]
    public void Values_are_read_and_written(string text, string written) => Assert.Equal(written, QmpJson.Write(QmpJson.Read(text)));

    [Theory]
    [InlineData("}", "JSON parse error, expecting value")]
    [InlineData("]", "JSON parse error, expecting value")]
    [InlineData("query-commands", "JSON parse error, invalid keyword 'query'")]
    [InlineData("{1: 2}", "JSON parse error, key is not a string in object")]
    [InlineData("{'a' 2}", "JSON parse error, missing : in object pair")]
    [InlineData("{'a': 2 'b': 3}", "JSON parse error, expected separator in dict")]
    [InlineData("{'a': 2, 'a': 3}", "JSON parse error, duplicate key")]
    [InlineData("[1 2]", "JSON parse error, expected separator in list")]
    [InlineData("[1,]", "JSON parse error, expecting value")]
    [InlineData("[01]", "JSON parse error, stray '01'")]
    [InlineData("'\\x'", "JSON parse error, invalid escape sequence '\\x' in string")]
    [InlineData("'\\u12'", "JSON parse error, invalid hex escape '\\u12' in string")]
    [InlineData("'\\ud800'", "JSON parse error, \\ud800 is not a valid Unicode character")]
    [InlineData("{%}", "JSON parse error, stray '%'")]
    [InlineData("\"abc\n", "JSON parse error, stray '\"abc\n'")]
    [InlineData("[True]", "JSON parse error, stray 'T'")]
    [InlineData("'a\u0001'", "JSON parse error, stray ''a\u0001'")]
    [InlineData("\0", "JSON parse error, stray ''")]
    public void What_is_no_json_is_told_in_qemus_words(string text, string message)
    {
        JsonStreamReader reader = new();
        Assert.Equal(message, reader.Feed(Encoding.UTF8.GetBytes(text + "\n"))[0].Error);
        Assert.Contains(reader.Feed("{\"next\": 1}"u8), item => item.Error is null && item.Value is IReadOnlyDictionary<string, object?>);
    }

    [Theory]
    [InlineData("", "'\uFFFD'")]
    [InlineData("{\"execute\": \"a", "'\"a\uFFFD'")]
    public void A_byte_that_no_text_has_makes_half_a_command_forgotten(string half, string stray)
    {
        JsonStreamReader reader = new();
        Assert.Equal($"JSON parse error, stray {stray}", Assert.Single(reader.Feed([.. Encoding.UTF8.GetBytes(half), 0xFF])).Error);
        Assert.Null(Assert.Single(reader.Feed("{\"next\": 1}"u8)).Error);
    }

    [Fact]
    public void Values_may_be_cut_anywhere_and_need_no_line_ends()
    {
        JsonStreamReader reader = new();
        byte[] bytes = "{'a':'ä'}{'b':2}[3]"u8.ToArray();
        List<object?> values = [];
        foreach (byte value in bytes)
        {
            values.AddRange(reader.Feed([value]).Select(item => item.Value));
        }

        Assert.Equal(["{\"a\": \"\\u00e4\"}", "{\"b\": 2}", "[3]"], values.Select(QmpJson.Write));
    }

    [Fact]
    public void Invalid_utf8_is_an_error_of_its_value_only()
    {
        JsonStreamReader reader = new();
        byte[] bytes = [(byte)'[', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)']', (byte)'[', (byte)']'];
        IReadOnlyList<JsonStreamReader.Item> items = reader.Feed(bytes);
        Assert.Equal(["JSON parse error, invalid UTF-8 sequence in string", null], items.Select(item => item.Error));
    }

    [Fact]
    public void Nesting_number_and_size_are_limited()
    {
        Assert.Equal("JSON nesting depth limit exceeded", new JsonStreamReader().Feed(Encoding.ASCII.GetBytes(new string('[', 1025)))[0].Error);
        Assert.Empty(new JsonStreamReader().Feed(Encoding.ASCII.GetBytes(new string('[', 1024))));
        byte[] tooLong = new byte[JsonStreamReader.MaximumBytes + 16];
        Array.Fill(tooLong, (byte)'x');
        tooLong[0] = (byte)'"';
        Assert.Equal("JSON token size limit exceeded", new JsonStreamReader().Feed(tooLong)[0].Error);
        byte[] many = Encoding.ASCII.GetBytes("[" + string.Concat(Enumerable.Repeat("1,", (JsonStreamReader.MaximumTokens / 2) + 1)));
        Assert.Equal("JSON token count limit exceeded", new JsonStreamReader().Feed(many)[0].Error);
    }

    [Fact]
    public void Random_bytes_never_break_it()
    {
        Random random = new(7);
        JsonStreamReader reader = new();
        byte[] noise = new byte[64];
        const string Alphabet = "{}[]:,\"'\\ 1-ea\n\tu";
        for (int n = 0; n < 5000; n++)
        {
            random.NextBytes(noise);
            for (int i = 0; i < noise.Length; i++)
            {
                noise[i] = random.Next(8) == 0 ? noise[i] : (byte)Alphabet[noise[i] % Alphabet.Length];
            }

            reader.Feed(noise);
        }

        // Whatever was open, some closers end it.
        reader.Feed("'\"\n"u8);
        reader.Feed(Encoding.ASCII.GetBytes(new string(']', 1030) + new string('}', 1030) + "\n"));
        Assert.Contains(reader.Feed("{}"u8), item => item.Error is null);
    }
}
