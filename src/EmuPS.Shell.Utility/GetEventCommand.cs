using System.Linq;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>The events in the session's queue.</summary>
[Cmdlet(VerbsCommon.Get, "Event", DefaultParameterSetName = "BySource")]
[OutputType(typeof(PSEventArgs))]
public sealed class GetEventCommand : PSCmdlet
{
    /// <summary>A name or wildcard.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "BySource")]
    public string SourceIdentifier { get; set; } = "*";

    /// <summary>The event's number.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ById")]
    [Alias("Id")]
    public int EventIdentifier { get; set; } = -1;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        WildcardPattern pattern = new(SourceIdentifier, WildcardOptions.IgnoreCase);
        PSEventArgs[] queued;
        lock (Events.ReceivedEvents.SyncRoot)
            queued = [.. Events.ReceivedEvents];
        bool any = false;
        foreach (PSEventArgs item in queued.Where(item => ParameterSetName == "ById"
            ? item.EventIdentifier == EventIdentifier
            : pattern.IsMatch(item.SourceIdentifier)))
        {
            any = true;
            WriteObject(item);
        }

        if (!any && ParameterSetName == "BySource" && !WildcardPattern.ContainsWildcardCharacters(SourceIdentifier))
        {
            WriteError(new ErrorRecord(
                new PSArgumentException($"There is no queued event from '{SourceIdentifier}'."), "INVALID_SOURCE_IDENTIFIER", ErrorCategory.InvalidArgument, SourceIdentifier));
        }
    }
}
