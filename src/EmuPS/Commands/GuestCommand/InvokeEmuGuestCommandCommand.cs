using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Errors;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Runs a command in the guest's shell and emits what it printed and how it ended.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "EmuGuestCommand", DefaultParameterSetName = "Command", SupportsShouldProcess = true)]
[OutputType(typeof(EmuGuestCommandResult))]
[OutputType(typeof(string))]
public sealed class InvokeEmuGuestCommandCommand : PartCommand
{
    private readonly List<string> _input = [];
    private Deadline _deadline = new(-1);

    /// <summary>The command, as the guest's shell reads it; any number of lines.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Command")]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = "";

    /// <summary>The path of a script on the host that is run by the guest's shell.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Script")]
    [ValidateNotNullOrEmpty]
    public string? ScriptPath { get; set; }

    /// <summary>Lines for the command's standard input.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowEmptyString]
    [AllowNull]
    public string?[]? InputObject { get; set; }

    /// <summary>How long it may take, in seconds, a guest that is still booting included; -1 is for ever. The command is killed then.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateTimeout]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <summary>Emits only what the command printed, as one string.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Emits each line as it comes instead of a result at the end.</summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <summary>Does not make an error of an exit code other than 0.</summary>
    [Parameter]
    public SwitchParameter IgnoreExitCode { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _deadline = new Deadline(Timeout);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string? line in InputObject ?? [])
            _input.Add(line ?? "");
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string name = ScriptPath ?? Command;
        foreach (EmuVM vm in ResolveVMs(VM))
        {
            Try(vm, () =>
            {
                string script = ScriptPath is null ? Command : HostFiles.Read(FilePath(ScriptPath), File.ReadAllText).ReplaceLineEndings("\n");
                vm.RequireAgent();
                if (ShouldProcess(vm.Name, $"Run '{name}'"))
                    Run(vm, name, script);
            });
        }
    }

    private static string WithoutLastEnd(string text) => text.EndsWith('\n') ? text[..^1] : text;

    private void Run(EmuVM vm, string name, string script)
    {
        byte[] input = Encoding.UTF8.GetBytes(string.Concat(_input.ConvertAll(line => line + "\n")));
        var lines = new LineSplitter(line => Post(() => WriteObject(line)));
        Action<GuestStream, ReadOnlyMemory<byte>>? streaming = Stream ? (stream, bytes) => lines.Take(stream == GuestStream.Output, bytes.Span) : null;
        GuestCommandResult result;
        using CancellationTokenSource limit = _deadline.Link(CancelToken);
        try
        {
            result = WaitFor(RunAsync(vm, script, input, streaming, limit.Token), $"'{vm.Name}' runs '{name}'");
        }
        catch (OperationCanceledException error)
        {
            throw new EmuException(
                ErrorIds.GuestCommandTimeout, $"'{name}' did not end within {_deadline.Text} and was killed.", "Give it more time with -Timeout.", error, ErrorCategory.OperationTimeout);
        }

        if (Stream)
            lines.Finish(line => WriteObject(line));
        else if (Raw)
            WriteObject(result.Output);
        else
            WriteObject(Snapshot(vm, name, result));
        if (result.ExitCode != 0 && !IgnoreExitCode)
        {
            string said = WithoutLastEnd(result.ErrorOutput);
            WriteError(EmuError.Create(
                ErrorIds.GuestCommandFailed, ErrorCategory.InvalidResult, Snapshot(vm, name, result),
                $"'{name}' ended with exit code {result.ExitCode}{(said.Length == 0 ? "." : ": " + said)}"));
        }
    }

    private static async Task<GuestCommandResult> RunAsync(
        EmuVM vm, string script, byte[] input, Action<GuestStream, ReadOnlyMemory<byte>>? streaming, CancellationToken cancellationToken)
    {
        // A guest that is still booting is waited for; one that dies meanwhile is not.
        await vm.WaitGuestReadyAsync(cancellationToken).ConfigureAwait(false);
        return await vm.Machine.Agent.RunAsync(script, input, null, streaming, cancellationToken).ConfigureAwait(false);
    }

    private static EmuGuestCommandResult Snapshot(EmuVM vm, string name, GuestCommandResult result) => new(vm)
    {
        Command = name,
        Output = WithoutLastEnd(result.Output),
        ErrorOutput = WithoutLastEnd(result.ErrorOutput),
        ExitCode = result.ExitCode,
    };
}
