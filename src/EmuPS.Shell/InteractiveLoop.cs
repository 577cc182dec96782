using System;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text;
using EmuPS.Shell.Hosting;

namespace EmuPS.Shell;

/// <summary>Read a statement, run it, show what it emits; until <c>exit</c> or the end of input.</summary>
internal sealed class InteractiveLoop
{
    private readonly ShellSession _session;
    private readonly ShellHost _host;
    private readonly ShellConsole _console;

    /// <summary>Creates the loop.</summary>
    /// <param name="session">Where statements run.</param>
    /// <param name="host">The host, which knows when a statement said <c>exit</c>.</param>
    /// <param name="console">The process's streams.</param>
    public InteractiveLoop(ShellSession session, ShellHost host, ShellConsole console)
    {
        _session = session;
        _host = host;
        _console = console;
    }

    /// <summary>Runs the loop.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        while (!_session.IsEnding && _host.ExitCode is null && ReadStatement() is { } statement)
        {
            _session.Rearm();
            if (!string.IsNullOrWhiteSpace(statement))
                _session.Run(new Command(statement, isScript: true, useLocalScope: false));
        }

        return _host.ExitCode ?? 0;
    }

    private string? ReadStatement()
    {
        StringBuilder text = new();
        ShowPrompt(Prompt());
        while (Console.In.ReadLine() is { } line)
        {
            text.AppendLine(line);
            Parser.ParseInput(text.ToString(), out _, out ParseError[] errors);
            if (!errors.Any(error => error.IncompleteInput) || line.Length == 0)
                return text.ToString();
            ShowPrompt(">> ");
        }

        return text.Length > 0 ? text.ToString() : null;
    }

    private string Prompt()
    {
        try
        {
            return _session.Query(new Command("prompt")).LastOrDefault()?.ToString() ?? "PS> ";
        }
        catch (RuntimeException)
        {
            return "PS> ";
        }
    }

    // Piped statements get no prompt: standard output then holds results only.
    private void ShowPrompt(string prompt)
    {
        if (!Console.IsInputRedirected)
            _console.Out.Write(prompt);
    }
}
