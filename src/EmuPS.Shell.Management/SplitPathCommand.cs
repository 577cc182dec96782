using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>A part of a path.</summary>
[Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = "Parent")]
[OutputType(typeof(string), typeof(bool))]
public sealed class SplitPathCommand : PSCmdlet
{
    /// <summary>The path.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    /// <summary>All but the last part; the default.</summary>
    [Parameter(ParameterSetName = "Parent")]
    public SwitchParameter Parent { get; set; }

    /// <summary>The last part.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Leaf")]
    public SwitchParameter Leaf { get; set; }

    /// <summary>The last part without its extension.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LeafBase")]
    public SwitchParameter LeafBase { get; set; }

    /// <summary>The extension with its dot.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Extension")]
    public SwitchParameter Extension { get; set; }

    /// <summary>Whether the path starts at a root.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "IsAbsolute")]
    public SwitchParameter IsAbsolute { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            object part = ParameterSetName switch
            {
                "Leaf" => Name(path),
                "LeafBase" => System.IO.Path.GetFileNameWithoutExtension(Name(path)),
                "Extension" => System.IO.Path.GetExtension(Name(path)),
                "IsAbsolute" => SessionState.Path.IsPSAbsolute(path, out _) || System.IO.Path.IsPathRooted(path),
                _ => SessionState.Path.ParseParent(path, ""),
            };
            WriteObject(part);
        }
    }

    private string Name(string path) => SessionState.Path.ParseChildName(path);
}
