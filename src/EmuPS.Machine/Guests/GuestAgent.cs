using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Logging;

namespace EmuPS.Machine.Guests;

/// <summary>Runs commands in the guest through its agent on the second serial port.</summary>
/// <remarks>The protocol is described where the guest's side is written, in <c>Guests/Files/emups-agent</c>.</remarks>
public sealed class GuestAgent : IDisposable
{
    // What the guest takes without losing any of it: its terminal layer buffers 64 KiB, and a serial line has no way to say "wait".
    private const int PieceLength = 8192;

    // No line of the agent is longer; whatever is, is noise.
    private const int LongestLine = 1 << 16;

    private readonly IGuestChannel _channel;
    private readonly MachineLog _log;
    private readonly ConcurrentDictionary<string, GuestAgentRequest> _requests = new(StringComparer.Ordinal);
    private readonly List<byte> _line = [];
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Lock _readyGate = new();
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastId;
    private bool _disposed;

    /// <summary>Attaches to the guest's second serial port.</summary>
    /// <param name="channel">The port.</param>
    /// <param name="log">The machine's log.</param>
    public GuestAgent(IGuestChannel channel, MachineLog? log = null)
    {
        _log = log ?? new MachineLog();
        _channel = channel;
        _channel.Received += OnReceived;
    }

    /// <summary>Raised each time that the guest says it has booted, before whoever waits for that goes on; on the channel's thread.</summary>
    public event Action? Booted;

    /// <summary>Whether the guest's agent has said that it listens.</summary>
    public bool IsReady
    {
        get
        {
            lock (_readyGate)
                return _ready.Task.IsCompletedSuccessfully;
        }
    }

    /// <summary>Waits until the guest's agent listens.</summary>
    public Task WaitReadyAsync(CancellationToken cancellationToken = default)
    {
        lock (_readyGate)
            return _ready.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Asks a guest that is up already, such as a restored one, to say so again.</summary>
    public void Hail() => _channel.Send("H\n"u8.ToArray());

    /// <summary>Tells the agent that the guest was reset or stopped: running commands fail and a new ready mark is awaited.</summary>
    public void OnGuestReset()
    {
        lock (_readyGate)
        {
            if (_ready.Task.IsCompleted)
                _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        FailAll(new GuestAgentException("GuestRestarted", "The guest was reset while the command was running."));
    }

    /// <summary>Runs a command, as a script of the guest's shell, and decodes its output as UTF-8.</summary>
    /// <param name="command">The script.</param>
    /// <param name="standardInput">What the command reads from its standard input.</param>
    /// <param name="timeout">How long it may take, the wait for the guest to be ready included; for ever when it is null.</param>
    /// <param name="streaming">Called with each piece of output as it arrives.</param>
    /// <param name="cancellationToken">Kills the command.</param>
    /// <exception cref="TimeoutException">The guest was not ready in time, or the command took too long and was killed.</exception>
    public async Task<GuestCommandResult> RunAsync(
        string command, ReadOnlyMemory<byte> standardInput = default, TimeSpan? timeout = null,
        Action<GuestStream, ReadOnlyMemory<byte>>? streaming = null, CancellationToken cancellationToken = default)
    {
        (GuestAgentRequest request, int exitCode) =
            await RunCoreAsync(command, standardInput, timeout, streaming, cancellationToken).ConfigureAwait(false);
        return new GuestCommandResult(Decode(request.Output), Decode(request.Errors), exitCode);
    }

    /// <summary>Writes a file in the guest.</summary>
    public async Task CopyToAsync(ReadOnlyMemory<byte> content, string guestPath, CancellationToken cancellationToken = default)
    {
        (GuestAgentRequest request, int exitCode) = await RunCoreAsync(
            $"cat > {Quote(guestPath)}", content, null, null, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
            throw new GuestAgentException("GuestFileNotWritten", Decode(request.Errors).Trim());
    }

    /// <summary>Reads a file of the guest.</summary>
    public async Task<byte[]> CopyFromAsync(string guestPath, CancellationToken cancellationToken = default)
    {
        (GuestAgentRequest request, int exitCode) = await RunCoreAsync(
            $"cat {Quote(guestPath)}", default, null, null, cancellationToken).ConfigureAwait(false);
        return exitCode == 0
            ? request.Output.ToArray()
            : throw new GuestAgentException("GuestFileNotRead", Decode(request.Errors).Trim());
    }

    /// <summary>Writes a word so that the guest's shell takes it as it is.</summary>
    public static string Quote(string word) => "'" + word.Replace("'", @"'\''", StringComparison.Ordinal) + "'";

    /// <summary>Lets go of the channel; running commands fail.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _channel.Received -= OnReceived;
        lock (_readyGate)
            _ready.TrySetException(Gone());
        // Observed here: nobody need have waited.
        _ = _ready.Task.Exception;
        FailAll(Gone());
    }

    // The type is named because src/build/Get-Surface.ps1 finds error ids by it.
    private static GuestAgentException Gone() => new GuestAgentException("GuestGone", "The guest is gone.");

    private static string Decode(MemoryStream stream) => Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);

    private async Task<(GuestAgentRequest Request, int ExitCode)> RunCoreAsync(
        string command, ReadOnlyMemory<byte> standardInput, TimeSpan? timeout,
        Action<GuestStream, ReadOnlyMemory<byte>>? streaming, CancellationToken cancellationToken)
    {
        if (_disposed)
            throw Gone();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout is { } span)
            limit.CancelAfter(span);
        try
        {
            await WaitReadyAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"The guest has not booted so far that it answers within {timeout}.");
        }

        var request = new GuestAgentRequest(Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture), streaming);
        _requests[request.Id] = request;
        _log.Guest.AgentCommand(command);
        try
        {
            await SendPiecesAsync(request, 's', Encoding.UTF8.GetBytes(command), limit.Token).ConfigureAwait(false);
            await SendPiecesAsync(request, 'i', standardInput, limit.Token).ConfigureAwait(false);
            Send($"X {request.Id}\n", default);
            return (request, await request.Exited.Task.WaitAsync(limit.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            Send($"K {request.Id}\n", default);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"The guest command did not end within {timeout}.");
        }
        finally
        {
            // A piece on its way still needs its acknowledgement to find the request.
            _ = request.PieceTaken.Task.ContinueWith(
                _ => _requests.TryRemove(request.Id, out GuestAgentRequest? _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task SendPiecesAsync(GuestAgentRequest request, char name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        for (int position = 0; position < content.Length; position += PieceLength)
        {
            ReadOnlyMemory<byte> piece = content.Slice(position, Math.Min(PieceLength, content.Length - position));
            // One piece at a time for all commands together, or their sum could overflow the guest's buffer.
            await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
            request.BeginPiece();
            Task taken = request.PieceTaken.Task;
            // The line is busy until the guest has taken the piece, even if nobody waits for the command any more.
            _ = taken.ContinueWith(_ => _sending.Release(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            Send($"P {request.Id} {name} {piece.Length}\n", piece);
            await taken.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (request.Exited.Task.IsFaulted)
                await request.Exited.Task.ConfigureAwait(false);
        }
    }

    private void Send(string line, ReadOnlyMemory<byte> content)
    {
        byte[] bytes = new byte[line.Length + content.Length];
        Encoding.ASCII.GetBytes(line, bytes);
        content.CopyTo(bytes.AsMemory(line.Length));
        _channel.Send(bytes);
    }

    private void FailAll(GuestAgentException error)
    {
        foreach (GuestAgentRequest request in _requests.Values)
            request.Fail(error);
    }

    private void OnReceived(ReadOnlyMemory<byte> bytes)
    {
        foreach (byte value in bytes.Span)
        {
            if (value == '\n')
            {
                OnLine(Encoding.ASCII.GetString([.. _line]).TrimEnd('\r'));
                _line.Clear();
            }
            else if (_line.Count < LongestLine)
            {
                _line.Add(value);
            }
        }
    }

    private void OnLine(string line)
    {
        if (line.StartsWith(GuestImage.ReadyMark, StringComparison.Ordinal))
        {
            OnReady();
            return;
        }

        // The guest is free to send nonsense; what is not understood is dropped.
        string[] words = line.Split(' ', 3);
        if (words.Length < 3 || !_requests.TryGetValue(words[0], out GuestAgentRequest? request))
            return;
        switch (words[1])
        {
            case "A":
                request.PieceTaken.TrySetResult();
                break;
            case "O" or "E":
                byte[] bytes = new byte[words[2].Length];
                if (Convert.TryFromBase64String(words[2], bytes, out int length))
                    request.Take(words[1] == "O" ? GuestStream.Output : GuestStream.Error, bytes[..length]);
                break;
            case "X":
                if (int.TryParse(words[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exitCode))
                    request.Exited.TrySetResult(exitCode);
                break;
        }
    }

    private void OnReady()
    {
        _log.Guest.AgentReady();
        if (!IsReady)
            Booted?.Invoke();
        lock (_readyGate)
            _ready.TrySetResult();
    }
}
