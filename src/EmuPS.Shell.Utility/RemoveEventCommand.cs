using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Takes events out of the session's queue.</summary>
[Cmdlet(VerbsCommon.Remove, "Event", SupportsShouldProcess = true, DefaultParameterSetName = "BySource")]
public sealed class RemoveEventCommand : PSCmdlet
{
    /// <summary>A name or wildcard.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "BySource")]
    public string SourceIdentifier { get; set; } = "";

    /// <summary>The event's number.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ById")]
    public int EventIdentifier { get; set; } = -1;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WildcardPattern pattern = new(SourceIdentifier, WildcardOptions.IgnoreCase);
        lock (Events.ReceivedEvents.SyncRoot)
        {
            for (int i = Events.ReceivedEvents.Count - 1; i >= 0; i--)
            {
                PSEventArgs item = Events.ReceivedEvents[i];
                bool wanted = ParameterSetName == "ById" ? item.EventIdentifier == EventIdentifier : pattern.IsMatch(item.SourceIdentifier);
                if (wanted && ShouldProcess($"Event '{item.SourceIdentifier}'", "Remove"))
                    Events.ReceivedEvents.RemoveAt(i);
            }
        }
    }
}
