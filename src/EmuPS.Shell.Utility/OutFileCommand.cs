using System.IO;
using System.Management.Automation;
using EmuPS.Shell.Management;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace EmuPS.Shell.Utility;

/// <summary>Writes what the screen would show into a file; the operators <c>&gt;</c> and <c>&gt;&gt;</c> are this command.</summary>
[Cmdlet(VerbsData.Out, "File", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath")]
public sealed class OutFileCommand : FrontEndCommandBase
{
    private StreamWriter? _file;

    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByPath")]
    [Alias("Path")]
    public string FilePath { get; set; } = "";

    /// <summary>The file, without wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "ByLiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string LiteralPath { get; set; } = "";

    /// <summary>utf8, utf8BOM, unicode, bigendianunicode, ascii, latin1 or utf32.</summary>
    [Parameter(Position = 1)]
    public string Encoding { get; set; } = "utf8";

    /// <summary>Keeps what the file holds.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>Overwrites a read-only file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Refuses to overwrite.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>The width to lay out for, in columns.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; }

    /// <summary>Joins the lines.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        string path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(LiteralPath.Length > 0 ? LiteralPath : FilePath);
        TextWriter writer = TextWriter.Null;
        if (ShouldProcess(path, "Output to file"))
        {
            if (NoClobber && File.Exists(path))
                ThrowTerminatingError(new ErrorRecord(new IOException($"The file '{path}' already exists."), "NoClobber", ErrorCategory.ResourceExists, path));
            writer = _file = TextFile.OpenWriter(path, Append, Force, TextFile.EncodingOf(Encoding));
        }

        EngineInternals.UseRenderer(this, writer, Width > 0 ? Width : RenderWidth.Of(Host), NoNewline);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        _file?.Dispose();
    }

    /// <inheritdoc/>
    protected override void InternalDispose()
    {
        base.InternalDispose();
        _file?.Dispose();
    }
}
