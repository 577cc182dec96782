using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Joins parts of a path.</summary>
[Cmdlet(VerbsCommon.Join, "Path")]
[OutputType(typeof(string))]
public sealed class JoinPathCommand : PSCmdlet
{
    /// <summary>The first part.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[] Path { get; set; } = [];

    /// <summary>The second part.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [AllowNull]
    [AllowEmptyString]
    public string ChildPath { get; set; } = "";

    /// <summary>Further parts.</summary>
    [Parameter(Position = 2, ValueFromRemainingArguments = true)]
    [AllowEmptyCollection]
    public string[] AdditionalChildPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            string joined = SessionState.Path.Combine(path, ChildPath ?? "");
            foreach (string part in AdditionalChildPath)
                joined = SessionState.Path.Combine(joined, part);
            WriteObject(joined);
        }
    }
}
