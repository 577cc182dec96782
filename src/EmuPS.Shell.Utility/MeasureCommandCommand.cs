using System;
using System.Diagnostics;
using System.Management.Automation;

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
        InvokeCommand.InvokeScript(useLocalScope: false, Expression, input: null, args: null);
        WriteObject(watch.Elapsed);
    }
}
