using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Goes back to the location remembered last.</summary>
[Cmdlet(VerbsCommon.Pop, "Location")]
[OutputType(typeof(PathInfo))]
public sealed class PopLocationCommand : PSCmdlet
{
    /// <summary>The stack to take it from.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string StackName { get; set; } = "";

    /// <summary>Emits the location.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        PathInfo? location = SessionState.Path.PopLocation(StackName);
        if (PassThru && location is not null)
            WriteObject(location);
    }
}
