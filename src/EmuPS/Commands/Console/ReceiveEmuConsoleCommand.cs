using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using System.Threading;
using EmuPS.Errors;
using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Reads what a guest wrote to its console since this runspace last read it.</summary>
/// <remarks>A line whose end has not come yet is left for the next time, unless the pattern matches it or the text is wanted raw.</remarks>
[Cmdlet(VerbsCommunications.Receive, "EmuConsole")]
[OutputType(typeof(string))]
public sealed class ReceiveEmuConsoleCommand : OnVMCommand
{
    private Deadline _deadline = new(-1);

    /// <summary>Waits until something has come, or with a pattern until it matches.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>A regular expression: what to wait for; without waiting, which lines to emit.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Pattern { get; set; }

    /// <summary>How long to wait, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateTimeout]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <summary>Leaves the text unread.</summary>
    [Parameter]
    public SwitchParameter Keep { get; set; }

    /// <summary>One string with the text as the guest sent it.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _deadline = new Deadline(Timeout);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
            Try(vm, () => Read(vm));
    }

    private void Read(EmuVM vm)
    {
        Guid reader = Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty;
        ConsoleLog log = vm.Machine.Console;
        int start = vm.GetReadPosition(reader);
        Regex? pattern = Pattern is null ? null : ConsoleText.Pattern(Pattern);
        int? end = Wait ? WaitForText(vm, log, start, pattern) : null;
        string text = end is { } position ? log.Read(start)[..(position - start)] : log.Read(start);
        int taken = text.Length;
        if (Raw)
        {
            if (text.Length > 0)
                WriteObject(text);
        }
        else
        {
            (IReadOnlyList<string> lines, taken) = ConsoleText.Split(text, withRest: end is not null || log.IsCompleted);
            WriteObject(lines.Where(line => Wait || pattern is null || pattern.IsMatch(line)), enumerateCollection: true);
        }

        if (!Keep)
            vm.SetReadPosition(reader, start + taken);
    }

    /// <summary>Waits for the pattern, or without one for a whole line.</summary>
    /// <returns>Where the pattern's match ends; null to read everything.</returns>
    private int? WaitForText(EmuVM vm, ConsoleLog log, int start, Regex? pattern)
    {
        using CancellationTokenSource limit = _deadline.Link(CancelToken);
        try
        {
            if (pattern is null && Raw)
            {
                WaitFor(log.ReadAsync(start, limit.Token), "Waiting for the console");
                return null;
            }

            (string Text, int Position)? match = WaitFor(
                log.WaitForAsync(pattern ?? new Regex("\n"), start, limit.Token), $"Waiting for {(pattern is null ? "the console" : $"'{pattern}' on the console")}");
            if (match is null && pattern is not null)
                throw VMWait.Ended(vm);
            return pattern is null ? null : match!.Value.Position;
        }
        catch (OperationCanceledException)
        {
            throw new EmuException(
                ErrorIds.ConsoleTimeout, $"'{vm.Name}' wrote nothing {(pattern is null ? "" : $"that matches '{pattern}' ")}to its console within {_deadline.Text}.",
                "Get-EmuConsole shows all of it; wait longer with -Timeout.", category: ErrorCategory.OperationTimeout);
        }
    }
}
