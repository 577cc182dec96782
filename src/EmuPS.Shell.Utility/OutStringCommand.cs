using System;
using System.IO;
using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace EmuPS.Shell.Utility;

/// <summary>What the screen would show, as text.</summary>
[Cmdlet(VerbsData.Out, "String")]
[OutputType(typeof(string))]
public sealed class OutStringCommand : FrontEndCommandBase
{
    private readonly StringWriter _text = new();

    /// <summary>A string per line.</summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <summary>The width to lay out for, in columns; by default the host's.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; }

    /// <summary>Joins the lines.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        EngineInternals.UseRenderer(this, _text, Width > 0 ? Width : RenderWidth.Of(Host), NoNewline);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        base.ProcessRecord();
        if (Stream)
            Drain();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (Stream)
            Drain();
        else
            WriteObject(_text.ToString());
    }

    /// <inheritdoc/>
    protected override void InternalDispose()
    {
        base.InternalDispose();
        _text.Dispose();
    }

    private void Drain()
    {
        string text = _text.ToString();
        if (text.Length == 0)
            return;
        _text.GetStringBuilder().Clear();
        string[] lines = text.Split(Environment.NewLine);
        int count = text.EndsWith(Environment.NewLine, StringComparison.Ordinal) ? lines.Length - 1 : lines.Length;
        for (int i = 0; i < count; i++)
            WriteObject(lines[i]);
    }
}
