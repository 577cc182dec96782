using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Tests.Qmp;

/// <summary>A client on a unix socket; it keeps events apart from replies.</summary>
internal sealed class QmpClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    public QmpClient(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _stream = new NetworkStream(_socket, ownsSocket: true);
        _reader = new StreamReader(_stream, Encoding.ASCII);
    }

    /// <summary>The events so far.</summary>
    public List<IReadOnlyDictionary<string, object?>> Events { get; } = [];

    /// <summary>Connects and negotiates.</summary>
    public static async Task<QmpClient> OpenAsync(string path)
    {
        QmpClient client = new(path);
        await client.ReceiveAsync();
        await client.AskAsync("{'execute': 'qmp_capabilities'}");
        return client;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Sends, and reads up to the reply.</summary>
    public async Task<string> AskAsync(string text)
    {
        await SendAsync(text);
        return await ReceiveReplyAsync();
    }

    public async Task<string> ReceiveReplyAsync()
    {
        while (true)
        {
            string line = await ReceiveAsync() ?? throw new EndOfStreamException("The server hung up.");
            if (QmpJson.Read(line) is IReadOnlyDictionary<string, object?> message && message.ContainsKey("event"))
                Events.Add(message);
            else
                return line;
        }
    }

    /// <summary>Reads until an event of a name has come.</summary>
    public async Task ReceiveEventAsync(string name)
    {
        while (!Events.Exists(e => (string?)e["event"] == name))
        {
            string line = await ReceiveAsync() ?? throw new EndOfStreamException("The server hung up.");
            Events.Add((IReadOnlyDictionary<string, object?>)QmpJson.Read(line)!);
        }
    }

    /// <summary>A line, or null when the server hung up. A server that says nothing for a minute fails the test.</summary>
    public Task<string?> ReceiveAsync() => _reader.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));

    public void Dispose() => _reader.Dispose();
}
