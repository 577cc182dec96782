using System;
using System.Text;

namespace EmuPS.Commands;

/// <summary>Makes lines of the pieces in which a guest command's output arrives; its two streams do not mix within a line.</summary>
internal sealed class LineSplitter(Action<string> emit)
{
    private readonly Decoder[] _decoders = [new UTF8Encoding(false).GetDecoder(), new UTF8Encoding(false).GetDecoder()];
    private readonly StringBuilder[] _rests = [new StringBuilder(), new StringBuilder()];

    /// <summary>Takes a piece; on the agent's thread.</summary>
    public void Take(bool isOutput, ReadOnlySpan<byte> bytes)
    {
        int stream = isOutput ? 0 : 1;
        char[] characters = new char[bytes.Length + 4];
        int count = _decoders[stream].GetChars(bytes, characters, flush: false);
        StringBuilder rest = _rests[stream];
        foreach (char character in characters.AsSpan(0, count))
        {
            if (character != '\n')
            {
                rest.Append(character);
                continue;
            }

            emit(rest.ToString());
            rest.Clear();
        }
    }

    /// <summary>Gives out last lines that had no end.</summary>
    public void Finish(Action<string> last)
    {
        foreach (StringBuilder rest in _rests)
        {
            if (rest.Length > 0)
                last(rest.ToString());
            rest.Clear();
        }
    }
}
