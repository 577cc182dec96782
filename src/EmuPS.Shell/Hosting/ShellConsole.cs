using System;
using System.IO;
using System.Text;

namespace EmuPS.Shell.Hosting;

/// <summary>The process's output streams, opened without touching standard input.</summary>
/// <remarks>
/// <see cref="Console.Out"/> would set up the terminal and with it standard input, which belongs to whoever reads it first:
/// a virtual machine in the foreground takes its raw bytes.
/// </remarks>
internal sealed class ShellConsole
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Opens the streams.</summary>
    public ShellConsole()
    {
        Out = new StreamWriter(Console.OpenStandardOutput(), Utf8) { AutoFlush = true };
        Error = new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true };
        bool plain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Environment.GetEnvironmentVariable("TERM") == "dumb";
        OutIsPlain = plain || Console.IsOutputRedirected;
        ErrorIsPlain = plain || Console.IsErrorRedirected;
        ErrorIsTerminal = !Console.IsErrorRedirected;
        OutIsTerminal = !Console.IsOutputRedirected;
    }

    /// <summary>Standard output.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether no escape sequence may reach standard output.</summary>
    public bool OutIsPlain { get; }

    /// <summary>Whether no escape sequence may reach standard error.</summary>
    public bool ErrorIsPlain { get; }

    /// <summary>Whether standard output is a terminal.</summary>
    public bool OutIsTerminal { get; }

    /// <summary>Whether standard error is a terminal.</summary>
    public bool ErrorIsTerminal { get; }
}
