using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Events;
using EmuPS.Machine.Qmp.Commands;

namespace EmuPS.Machine.Qmp;

/// <summary>One client of the protocol on a stream: greeting, negotiation, commands one after another, events in between.</summary>
/// <remarks>Nothing that a client sends ends more than its own session.</remarks>
public sealed class QmpSession : IDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly Stream _stream;
    private readonly QmpDispatcher _dispatcher;
    private readonly MachineEventLog _events;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly JsonStreamReader _reader = new();
    private bool _negotiated;
    private bool _outOfBand;
    private long _sent;

    /// <summary>Makes a session.</summary>
    /// <param name="stream">The connection; the caller disposes of it.</param>
    /// <param name="machine">The machine.</param>
    public QmpSession(Stream stream, IMachineControl machine)
    {
        _stream = stream;
        _dispatcher = new QmpDispatcher(machine);
        _events = machine.Events;
    }

    /// <summary>Serves until the client hangs up, the machine ends, or the token is cancelled.</summary>
    /// <param name="cancellationToken">Ends the session.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task pump = Task.CompletedTask;
        try
        {
            await WriteAsync(QmpObject.Of(("QMP", QmpObject.Of(("version", QemuVersion.Describe()), ("capabilities", new[] { QmpCapabilities.OutOfBand })))), cancellationToken).ConfigureAwait(false);
            byte[] buffer = new byte[BufferBytes];
            while (true)
            {
                int count = await _stream.ReadAsync(buffer, ending.Token).ConfigureAwait(false);
                if (count == 0)
                    break;
                foreach (JsonStreamReader.Item item in _reader.Feed(buffer.AsSpan(0, count)))
                {
                    bool wasNegotiated = _negotiated;
                    OrderedDictionary<string, object?> reply = item.Error is null ? Answer(item.Value) : ErrorOf(EngineException.GenericError, item.Error);
                    await ReplyAsync(reply, cancellationToken).ConfigureAwait(false);
                    if (!wasNegotiated && _negotiated)
                        pump = PumpEventsAsync(ending);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client or the machine is gone; there is nobody to tell.
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(false);
        }
    }

    /// <summary>Releases what the session holds, after it has ended; the stream is the caller's.</summary>
    public void Dispose() => _writing.Dispose();

    private static OrderedDictionary<string, object?> ErrorOf(string errorClass, string description) =>
        QmpObject.Of(("error", QmpObject.Of(("class", errorClass), ("desc", description))));

    private static EngineException Malformed(string message) => new(ErrorIds.QmpProtocolError, EngineErrorCategory.ProtocolError, message);

    private static EngineException NoCommand(string message) =>
        new(ErrorIds.CommandNotFound, EngineErrorCategory.ObjectNotFound, message, qmpClass: "CommandNotFound");

    private OrderedDictionary<string, object?> Answer(object? request)
    {
        IReadOnlyDictionary<string, object?>? members = request as IReadOnlyDictionary<string, object?>;
        OrderedDictionary<string, object?> reply;
        try
        {
            reply = new() { ["return"] = Execute(members ?? throw Malformed("QMP input must be a JSON object")) };
        }
        catch (EngineException e)
        {
            reply = ErrorOf(e.QmpClass, e.Message);
        }
        catch (Exception e)
        {
            // A defect of a command must not take the other clients' server with it.
            reply = ErrorOf(EngineException.GenericError, $"internal error: {e.Message}");
        }

        if (members?.TryGetValue("id", out object? id) == true)
            reply["id"] = id;
        return reply;
    }

    private object? Execute(IReadOnlyDictionary<string, object?> request)
    {
        string? command = null;
        bool outOfBand = false;
        IReadOnlyDictionary<string, object?>? arguments = null;
        foreach ((string name, object? value) in request)
        {
            switch (name)
            {
                case "execute" or "exec-oob" when name == "execute" || _outOfBand:
                    if (command is not null)
                        throw Malformed($"QMP input accepts only one of 'execute' and 'exec-oob'");
                    command = value as string ?? throw Malformed($"QMP input member '{name}' must be a string");
                    outOfBand = name != "execute";
                    break;
                case "arguments":
                    arguments = value as IReadOnlyDictionary<string, object?> ?? throw Malformed("QMP input member 'arguments' must be an object");
                    break;
                case "id":
                    break;
                default:
                    throw Malformed($"QMP input member '{name}' is unexpected");
            }
        }

        if (command is null)
            throw Malformed("QMP input lacks member 'execute'");
        if (!_negotiated)
            return command == QmpCapabilities.Name ? Negotiate(new QmpArguments(arguments, QmpCapabilities.Arguments)) : throw NoCommand($"Expecting capabilities negotiation with '{QmpCapabilities.Name}'");
        if (command == QmpCapabilities.Name)
            throw NoCommand("Capabilities negotiation is already complete, command ignored");
        if (outOfBand && _dispatcher.Has(command))
            throw Malformed($"The command {command} does not support OOB");
        return _dispatcher.Execute(command, arguments);
    }

    private OrderedDictionary<string, object?> Negotiate(QmpArguments arguments)
    {
        System.Collections.IEnumerable list = (System.Collections.IEnumerable?)arguments.Any("enable") ?? Array.Empty<object?>();
        bool outOfBand = false;
        foreach (object? item in list)
        {
            if (item is not string capability)
                throw Malformed("Invalid parameter type for 'null', expected: string");
            if (capability != QmpCapabilities.OutOfBand)
                throw Malformed($"Parameter 'null' does not accept value '{capability}'");
            outOfBand = true;
        }

        _outOfBand = outOfBand;
        _negotiated = true;
        _sent = _events.LastSequence;
        return QmpObject.Empty;
    }

    /// <summary>Sends events as they come. When the machine has ended and all of them are sent, the session ends.</summary>
    private async Task PumpEventsAsync(CancellationTokenSource ending)
    {
        CancellationToken token = ending.Token;
        try
        {
            // The way back from a wait is compiled now, not when the first event is due.
            await Task.Yield();
            while (true)
            {
                await _events.WaitAsync(_ => true, Volatile.Read(ref _sent), token).ConfigureAwait(false);
                await _writing.WaitAsync(token).ConfigureAwait(false);
                try
                {
                    await SendEventsAsync(token).ConfigureAwait(false);
                }
                finally
                {
                    _writing.Release();
                }
            }
        }
        catch (EngineException)
        {
            await ending.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The reader notices as well and ends the session.
        }
    }

    /// <summary>Sends a reply, after the events that came before it.</summary>
    private async Task ReplyAsync(OrderedDictionary<string, object?> reply, CancellationToken token)
    {
        await _writing.WaitAsync(token).ConfigureAwait(false);
        try
        {
            if (_negotiated)
                await SendEventsAsync(token).ConfigureAwait(false);
            await WriteAsync(reply, token).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task SendEventsAsync(CancellationToken token)
    {
        foreach (MachineEvent happened in _events.Since(_sent))
        {
            Volatile.Write(ref _sent, happened.Sequence);
            long microseconds = (happened.Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            await WriteAsync(
                QmpObject.Of(
                    ("timestamp", QmpObject.Of(("seconds", microseconds / 1_000_000), ("microseconds", microseconds % 1_000_000))),
                    ("event", happened.Name),
                    ("data", happened.Data.Count > 0 ? happened.Data : null)),
                token).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(object value, CancellationToken token)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(QmpJson.Write(value) + "\r\n"), token).ConfigureAwait(false);
        await _stream.FlushAsync(token).ConfigureAwait(false);
    }
}
