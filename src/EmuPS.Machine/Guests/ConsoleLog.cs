using System;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace EmuPS.Machine.Guests;

/// <summary>All that the guest wrote to its console, for any number of readers at once.</summary>
/// <remarks>A position is a number of characters from the start; it stays valid however much more comes.</remarks>
public sealed class ConsoleLog
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly Decoder _decoder = new UTF8Encoding(false, false).GetDecoder();
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _completed;

    /// <summary>Raised after text was added, with that text; on the thread of the serial port.</summary>
    public event Action<string>? Added;

    /// <summary>The number of characters so far, which is the position of what comes next.</summary>
    public int Length
    {
        get
        {
            lock (_gate)
                return _text.Length;
        }
    }

    /// <summary>Whether the machine is gone and no more will come.</summary>
    public bool IsCompleted
    {
        get
        {
            lock (_gate)
                return _completed;
        }
    }

    /// <summary>Adds bytes that the guest wrote.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        string added;
        TaskCompletionSource grown;
        lock (_gate)
        {
            Span<char> characters = bytes.Length <= 128 ? stackalloc char[256] : new char[bytes.Length + 4];
            int count = _decoder.GetChars(bytes, characters, flush: false);
            if (count == 0)
                return;
            _text.Append(characters[..count]);
            added = characters[..count].ToString();
            grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        grown.TrySetResult();
        Added?.Invoke(added);
    }

    /// <summary>Says that no more will come; whoever waits is woken.</summary>
    public void Complete()
    {
        TaskCompletionSource grown;
        lock (_gate)
        {
            _completed = true;
            grown = _grown;
        }

        grown.TrySetResult();
    }

    /// <summary>Reads from a position to the end.</summary>
    public string Read(int position = 0)
    {
        lock (_gate)
            return position >= _text.Length ? "" : _text.ToString(position, _text.Length - position);
    }

    /// <summary>The last lines.</summary>
    public string[] Tail(int lines)
    {
        string[] all = Read().TrimEnd('\r', '\n').Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        return all is [""] ? [] : all[Math.Max(0, all.Length - lines)..];
    }

    /// <summary>Waits until there is something at a position, and reads it.</summary>
    /// <returns>The text, empty when the log is complete, and the position after it.</returns>
    public async Task<(string Text, int Position)> ReadAsync(int position, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task grown;
            lock (_gate)
            {
                if (_text.Length > position || _completed)
                {
                    string text = position >= _text.Length ? "" : _text.ToString(position, _text.Length - position);
                    return (text, Math.Max(position, _text.Length));
                }

                grown = _grown.Task;
            }

            await grown.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the text from a position on matches; a last line without its end counts too.</summary>
    /// <returns>The match and the position after it, or null when the log is complete without one.</returns>
    public async Task<(string Text, int Position)?> WaitForAsync(Regex pattern, int position = 0, CancellationToken cancellationToken = default)
    {
        int end = position;
        // A match may begin on the line that was not whole before, never further back.
        int start = position;
        while (true)
        {
            (string text, int next) = await ReadAsync(end, cancellationToken).ConfigureAwait(false);
            string searched = Read(start);
            if (pattern.Match(searched) is { Success: true } match)
                return (match.Value, start + match.Index + match.Length);
            if (text.Length == 0)
                return null;
            end = next;
            start += searched[..(end - start)].LastIndexOf('\n') + 1;
        }
    }
}
