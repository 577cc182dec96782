using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Remembers the current location and goes to another.</summary>
[Cmdlet(VerbsCommon.Push, "Location", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo))]
public sealed class PushLocationCommand : LocationCommand
{
    /// <summary>The new location; by default the current one stays.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "";

    /// <summary>The new location, taken as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string LiteralPath { get; set; } = "";

    /// <summary>The stack to remember on.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string StackName { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SessionState.Path.PushCurrentLocation(StackName);
        string path = LiteralPath.Length > 0 ? LiteralPath : Path;
        if (path.Length > 0)
            Go(path, LiteralPath.Length > 0);
    }
}
