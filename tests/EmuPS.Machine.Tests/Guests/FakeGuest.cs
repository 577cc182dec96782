using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using EmuPS.Machine.Guests;

namespace EmuPS.Machine.Tests.Guests;

/// <summary>Speaks the guest's side of the agent's protocol; the test says what a script does.</summary>
internal sealed class FakeGuest : IGuestChannel
{
    private readonly Dictionary<string, (MemoryStream Script, MemoryStream Input)> _files = [];
    private byte[] _pending = [];

    public event Action<ReadOnlyMemory<byte>>? Received;

    public Action<string, string, byte[]>? OnRun { get; set; }

    public List<string> Killed { get; } = [];

    public bool AnswersPieces { get; set; } = true;

    public int LongestPiece { get; private set; }

    public void Say(string text) => Received?.Invoke(Encoding.ASCII.GetBytes(text));

    public void Reply(string id, char kind, byte[] content) => Say($"{id} {kind} {Convert.ToBase64String(content)}\n");

    public void Exit(string id, int code) => Say($"{id} X {code}\n");

    public void Send(ReadOnlyMemory<byte> bytes)
    {
        _pending = [.. _pending, .. bytes.Span];
        while (TryTake())
        {
        }
    }

    private bool TryTake()
    {
        byte[] all = _pending;
        int end = Array.IndexOf(all, (byte)'\n');
        if (end < 0)
            return false;
        string[] words = Encoding.ASCII.GetString(all, 0, end).Split(' ');
        int used = end + 1;
        int length = words[0] == "P" ? int.Parse(words[3]) : 0;
        if (all.Length < used + length)
            return false;
        byte[] piece = all[used..(used + length)];
        _pending = all[(used + length)..];
        Handle(words, piece);
        return true;
    }

    private void Handle(string[] words, byte[] piece)
    {
        string id = words.ElementAtOrDefault(1) ?? "";
        if (!_files.ContainsKey(id))
            _files[id] = (new MemoryStream(), new MemoryStream());
        switch (words[0])
        {
            case "H":
                Say("EMUPS-READY 1\n");
                break;
            case "P":
                LongestPiece = Math.Max(LongestPiece, piece.Length);
                (words[2] == "s" ? _files[id].Script : _files[id].Input).Write(piece);
                if (AnswersPieces)
                    Say($"{id} A {piece.Length}\n");
                break;
            case "X":
                OnRun?.Invoke(id, Encoding.UTF8.GetString(_files[id].Script.ToArray()), _files[id].Input.ToArray());
                break;
            case "K":
                Killed.Add(id);
                break;
        }
    }
}
