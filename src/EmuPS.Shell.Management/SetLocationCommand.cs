using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Changes the current location.</summary>
[Cmdlet(VerbsCommon.Set, "Location", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo))]
public sealed class SetLocationCommand : LocationCommand
{
    /// <summary>The new location; by default home.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "~";

    /// <summary>The new location, taken as it is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string LiteralPath { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Go(LiteralPath.Length > 0 ? LiteralPath : Path, LiteralPath.Length > 0);
}
