using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Channels;

namespace EmuPS.Machine.Logging;

/// <summary>A file of lines. Writers never wait for the disk: a vCPU that holds the device lock may be one of them.</summary>
internal sealed class LogFile : IDisposable
{
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(5);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FileStream _file;
    private readonly Thread _thread;

    private LogFile(FileStream file, string machine)
    {
        _file = file;
        _thread = new Thread(Write) { IsBackground = true, Name = $"EmuPS {machine} log" };
        _thread.Start();
    }

    /// <summary>What went wrong when a line could not be written; null while all is well. Lines after it are lost.</summary>
    public string? Failure { get; private set; }

    /// <summary>Opens a file at its end, making it when it is missing.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="machine">The machine that writes.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.LogFileUnavailable"/>.</exception>
    public static LogFile Open(string path, string machine)
    {
        try
        {
            return new LogFile(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), machine);
        }
        catch (Exception error) when (FileProblem.Is(error))
        {
            throw new EngineException(
                ErrorIds.LogFileUnavailable, EngineErrorCategory.OpenError, $"The log file '{path}' cannot be written: {FileProblem.Describe(path, error)}.", path,
                "Name a file in an existing folder.", inner: error);
        }
    }

    /// <summary>Hands over a line. Does nothing after <see cref="Dispose"/>.</summary>
    /// <param name="line">Without its end.</param>
    public void Add(string line) => _lines.Writer.TryWrite(line);

    /// <summary>Writes what was handed over and closes the file.</summary>
    public void Dispose()
    {
        if (_lines.Writer.TryComplete())
            _thread.Join(s_flushLimit);
    }

    private void Write()
    {
        using FileStream file = _file;
        try
        {
            while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_lines.Reader.TryRead(out string? line))
                    file.Write(Encoding.UTF8.GetBytes(line + "\n"));
                file.Flush();
            }
        }
        catch (IOException error)
        {
            // A full disk must not stop the guest.
            Failure = error.Message;
            _lines.Writer.TryComplete();
        }
    }
}
