using System;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace EmuPS.Shell.Utility;

/// <summary>How long a script block takes; its output is dropped.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Command")]
[OutputType(typeof(TimeSpan))]
public sealed class MeasureCommandCommand : PSCmdlet
{
    /// <summary>What to run, in the caller's scope.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    public ScriptBlock Expression { get; set; } = null!;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Stopwatch watch = Stopwatch.StartNew();
        InvokeCommand.InvokeScript("$null = . $args[0]", useNewScope: false, PipelineResultTypes.Error, input: null, args: Expression);
        WriteObject(watch.Elapsed);
    }
}
