using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace EmuPS.Benchmarks;

/// <summary>A QMP client that notes when each event came.</summary>
internal sealed class QmpConnection : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;
    private readonly List<(JsonNode Event, long Time)> _events = [];

    private QmpConnection(Socket socket)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream, Encoding.ASCII);
    }

    /// <summary>Connects and negotiates.</summary>
    /// <param name="path">The unix socket.</param>
    public static async Task<QmpConnection> OpenAsync(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        QmpConnection connection = new(socket);
        await connection._reader.ReadLineAsync();
        await connection.AskAsync("qmp_capabilities");
        return connection;
    }

    /// <summary>Forgets the events so far.</summary>
    public void Forget() => _events.Clear();

    /// <summary>Sends a command and waits for its reply.</summary>
    /// <exception cref="InvalidOperationException">The reply is an error.</exception>
    public async Task AskAsync(string command, params (string Name, object Value)[] arguments)
    {
        JsonObject values = [];
        foreach ((string name, object value) in arguments)
        {
            values[name] = JsonValue.Create(JsonSerializer.SerializeToElement(value));
        }

        JsonObject request = new() { ["execute"] = command };
        if (values.Count > 0)
        {
            request["arguments"] = values;
        }

        await _stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"));
        while (await ReadAsync() is { } reply)
        {
            if (reply["error"] is { } error)
            {
                throw new InvalidOperationException($"{command}: {error["desc"]}");
            }

            if (reply["return"] is not null)
            {
                return;
            }
        }

        throw new EndOfStreamException($"The monitor hung up at {command}.");
    }

    /// <summary>Waits for an event that is about a device, and gives the time at which it came.</summary>
    /// <param name="name">The event.</param>
    /// <param name="device">The device's id.</param>
    public async Task<long> EventAsync(string name, string device)
    {
        for (int at = 0; ; at++)
        {
            while (at >= _events.Count)
            {
                _ = await ReadAsync() ?? throw new EndOfStreamException($"The monitor hung up before {name}.");
            }

            JsonNode? data = _events[at].Event["data"];
            if ((string?)_events[at].Event["event"] == name && (string?)(data?["device"] ?? data?["info"]?["device"]) == device)
            {
                if ((data?["info"]?["status"] ?? 0).GetValue<int>() != 0)
                {
                    throw new InvalidOperationException($"The guest refused: {data}");
                }

                return _events[at].Time;
            }
        }
    }

    public void Dispose() => _reader.Dispose();

    private async Task<JsonNode?> ReadAsync()
    {
        string? line = await _reader.ReadLineAsync().WaitAsync(s_patience);
        long now = Stopwatch.GetTimestamp();
        JsonNode? message = line is null ? null : JsonNode.Parse(line);
        if (message?["event"] is not null)
        {
            _events.Add((message, now));
        }

        return message;
    }
}
