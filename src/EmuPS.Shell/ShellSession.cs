using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using EmuPS.Shell.Hosting;
using EmuPS.Shell.Utility;
using Microsoft.PowerShell;

namespace EmuPS.Shell;

/// <summary>One runspace, the pipeline that runs in it, and the exit code that comes out.</summary>
internal sealed class ShellSession : IDisposable
{
    private readonly ShellHost _host;
    private readonly Runspace _runspace;
    private readonly object _gate = new();
    private Pipeline? _running;

    /// <summary>Opens the runspace and makes it the thread's default.</summary>
    /// <param name="host">The host.</param>
    /// <param name="console">The process's streams, which decide about colour.</param>
    public ShellSession(ShellHost host, ShellConsole console)
    {
        _host = host;
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        _runspace = RunspaceFactory.CreateRunspace(host, state);
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
        if (console.OutIsPlain)
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
    }

    /// <summary>Whether the last pipeline was stopped from outside.</summary>
    public bool WasStopped { get; private set; }

    /// <summary>Whether nothing more is to run.</summary>
    public bool IsEnding { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();

    /// <summary>Runs a script file in the global scope.</summary>
    /// <param name="path">The script, relative to the current directory or absolute.</param>
    /// <param name="arguments">Its arguments, parsed as pwsh parses them.</param>
    /// <returns>The process's exit code: that of <c>exit</c>, 1 after an uncaught error, otherwise 0.</returns>
    public int RunFile(string path, IReadOnlyList<string> arguments)
    {
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            _host.UI.WriteErrorLine($"The script '{path}' does not exist.");
            return 64;
        }

        Command command = new(full, isScript: false, useLocalScope: false);
        foreach (CommandParameter parameter in ScriptArguments.Parse(arguments))
            command.Parameters.Add(parameter);
        EngineInternals.LetNextScriptExitTheHost(_runspace);
        bool completed = Run(command);
        return _host.ExitCode ?? (completed ? 0 : 1);
    }

    /// <summary>Runs command text.</summary>
    /// <param name="text">PowerShell.</param>
    /// <returns>The process's exit code: that of <c>exit</c>, 1 when the last command failed, otherwise 0.</returns>
    public int RunCommand(string text)
    {
        bool completed = Run(new Command(WithVerdict(text), isScript: true, useLocalScope: false));
        return _host.ExitCode ?? (completed ? 0 : 1);
    }

    /// <summary>Runs one pipeline to its end and shows what it emits.</summary>
    /// <param name="command">The script or command.</param>
    /// <returns>False after an uncaught error or a stop.</returns>
    public bool Run(Command command)
    {
        using Pipeline pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add(command);
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add("Out-Default");
        try
        {
            Enter(pipeline);
            pipeline.Invoke();
            return !WasStopped;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (RuntimeException error)
        {
            if (!WasStopped)
                Report(error);
            return false;
        }
        finally
        {
            Enter(null);
            _host.ShellUI.ClearProgress();
        }
    }

    /// <summary>Runs a command quietly and returns what it emits.</summary>
    /// <param name="command">A command with its parameters.</param>
    /// <returns>The output.</returns>
    /// <exception cref="RuntimeException">The command failed.</exception>
    public Collection<PSObject> Query(Command command)
    {
        using Pipeline pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add(command);
        return pipeline.Invoke();
    }

    /// <summary>Shows an error as the engine's error view has it.</summary>
    /// <param name="error">The error.</param>
    public void Report(RuntimeException error)
    {
        // The engine's view of a text that does not parse is empty where the text did not come from a file.
        ErrorRecord record = error.ErrorRecord;
        if (error is ParseException parse)
        {
            _host.UI.WriteErrorLine($"ParserError: {parse.Message}");
            return;
        }

        try
        {
            PSObject shown = PSObject.AsPSObject(record);
            EngineInternals.SendToErrorStream(shown);
            using Pipeline pipeline = _runspace.CreatePipeline();
            pipeline.Commands.Add("Out-Default");
            pipeline.Input.Write(shown);
            pipeline.Input.Close();
            pipeline.Invoke();
        }
        catch (RuntimeException)
        {
            _host.UI.WriteErrorLine(record.ToString());
        }
    }

    /// <summary>Stops the running pipeline; returns at once.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            WasStopped = true;
            _running?.StopAsync();
        }
    }

    /// <summary>Stops the running pipeline and starts no other; returns at once.</summary>
    /// <returns>Whether one was running.</returns>
    public bool End()
    {
        lock (_gate)
        {
            IsEnding = true;
            Stop();
            return _running is not null;
        }
    }

    /// <summary>Forgets an earlier stop, before the next line of an interactive session.</summary>
    public void Rearm()
    {
        lock (_gate)
            WasStopped = IsEnding;
    }

    private void Enter(Pipeline? pipeline)
    {
        lock (_gate)
        {
            _running = pipeline;
            if (pipeline is not null && WasStopped)
                throw new PipelineStoppedException();
        }
    }

    // A finished pipeline does not tell whether its last statement succeeded; only code inside it can ask.
    private static string WithVerdict(string text)
    {
        ScriptBlockAst script = Parser.ParseInput(text, out _, out ParseError[] errors);
        bool plain = errors.Length == 0 && script.ParamBlock is null && script.EndBlock is { Unnamed: true };
        return plain ? text + "\nif (-not $?) { exit 1 }" : text;
    }
}
