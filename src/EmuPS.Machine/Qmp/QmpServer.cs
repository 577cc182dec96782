using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Logging;

namespace EmuPS.Machine.Qmp;

/// <summary>Listens for clients of a machine's protocol, on a unix socket or a TCP port, until it is disposed of or the machine ends.</summary>
public sealed class QmpServer : IDisposable
{
    private const int MaximumClients = 64;
    private readonly IMachineControl _machine;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _clients = [];
    private bool _disposed;

    private QmpServer(IMachineControl machine, Socket listener, string? path)
    {
        _machine = machine;
        _listener = listener;
        Path = path;
        EndPoint = listener.LocalEndPoint as IPEndPoint;
        _ = AcceptAsync();
        _ = EndWithMachineAsync();
    }

    /// <summary>The socket's file, or null for TCP.</summary>
    public string? Path { get; }

    /// <summary>Address and port, or null for a unix socket.</summary>
    public IPEndPoint? EndPoint { get; }

    private string Where => Path ?? EndPoint?.ToString() ?? string.Empty;

    /// <summary>Number of clients that are connected.</summary>
    public int ClientCount
    {
        get
        {
            lock (_gate)
                return _clients.Count;
        }
    }

    /// <summary>True until the server is disposed of or the machine ends.</summary>
    public bool IsListening { get; private set; } = true;

    /// <summary>Listens on a unix socket that only the user may open (mode 0600).</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="path">The socket's file; one that nobody listens on any more is replaced.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.QmpSocketUnavailable"/>.</exception>
    public static QmpServer ListenUnix(IMachineControl machine, string path)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            UnixDomainSocketEndPoint end = new(path);
            RemoveStale(path, end);
            listener.Bind(end);
            // Nobody can connect before Listen, so nobody slips in before the mode is set.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen();
            return new QmpServer(machine, listener, path);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            throw Unavailable(path, e, Reason(path, e));
        }
    }

    /// <summary>Listens on a TCP port.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="address">The address; null for the loopback address.</param>
    /// <param name="allowRemote">True to permit an address that other hosts can reach: whoever connects owns the machine.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.QmpSocketUnavailable"/>, also for a reachable address that is not permitted.</exception>
    public static QmpServer ListenTcp(IMachineControl machine, int port, IPAddress? address = null, bool allowRemote = false)
    {
        address ??= IPAddress.Loopback;
        if (!IPAddress.IsLoopback(address) && !allowRemote)
        {
            throw new EngineException(ErrorIds.QmpSocketUnavailable, EngineErrorCategory.InvalidArgument, $"The address {address} can be reached from other hosts, and QMP asks for no password.", address.ToString(), "Leave the address out to listen on this host only, or permit it with -AllowRemote.");
        }

        Socket? listener = null;
        try
        {
            listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen();
            return new QmpServer(machine, listener, null);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            listener?.Dispose();
            throw Unavailable($"{address}:{port}", e);
        }
    }

    /// <summary>Stops listening, hangs up on all clients and removes the socket's file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        _ending.Cancel();
        StopListening();
        lock (_gate)
        {
            foreach (Socket client in _clients)
                client.Dispose();
        }
    }

    // The system's words for a socket's file speak of connections and addresses.
    private static string Reason(string path, Exception e)
    {
        string? folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path));
        return e switch
        {
            ArgumentException or PathTooLongException => "the path is too long for a socket",
            _ when Directory.Exists(path) => "it is a folder",
            _ when File.Exists(path) && IsPlainFile(path) => "there is a file of that name, which is no socket",
            _ when !Directory.Exists(folder) => $"the folder '{folder}' does not exist",
            _ => e.Message,
        };
    }

    private static EngineException Unavailable(string where, Exception e, string? reason = null) =>
        new(ErrorIds.QmpSocketUnavailable, EngineErrorCategory.OpenError, $"Failed to listen on {where}: {reason ?? e.Message}", where, "Choose another path or port, or stop who uses it.", inner: e);

    private static void RemoveStale(string path, UnixDomainSocketEndPoint end)
    {
        if (!File.Exists(path))
            return;
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(end);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && !IsPlainFile(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Connecting to a file that is no socket is refused too, and such a file must not be deleted.</summary>
    private static bool IsPlainFile(string path)
    {
        try
        {
            using FileStream opened = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void StopListening()
    {
        lock (_gate)
        {
            if (!IsListening)
                return;
            IsListening = false;
        }

        _listener.Dispose();
        if (Path is not null)
            File.Delete(Path);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptAsync(_ending.Token).ConfigureAwait(false);
                bool welcome;
                lock (_gate)
                {
                    welcome = !_disposed && _clients.Count < MaximumClients;
                    if (welcome)
                        _clients.Add(client);
                }

                if (welcome)
                {
                    _machine.Log.Monitor.ClientConnected(Where, ClientCount);
                    _ = ServeAsync(client);
                }
                else
                {
                    _machine.Log.Monitor.ClientTurnedAway(Where, MaximumClients);
                    client.Dispose();
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The listener was closed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            // A command runs on this task and may wait for the guest; the accepting loop must not.
            await Task.Yield();
            await using NetworkStream stream = new(client, ownsSocket: true);
            using QmpSession session = new(stream, _machine);
            await session.RunAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // The client is gone.
        }
        finally
        {
            lock (_gate)
                _clients.Remove(client);
            client.Dispose();
            _machine.Log.Monitor.ClientGone(Where, ClientCount);
        }
    }

    /// <summary>When the machine has ended there is nothing to serve; sessions end by themselves after their last event.</summary>
    private async Task EndWithMachineAsync()
    {
        try
        {
            await _machine.Events.WaitAsync(_ => false, _machine.Events.LastSequence, _ending.Token).ConfigureAwait(false);
        }
        catch (EngineException)
        {
            StopListening();
        }
        catch (OperationCanceledException)
        {
            // Disposed of first.
        }
    }
}
