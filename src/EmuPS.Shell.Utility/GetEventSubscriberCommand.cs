using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>The session's subscriptions.</summary>
[Cmdlet(VerbsCommon.Get, "EventSubscriber")]
[OutputType(typeof(PSEventSubscriber))]
public sealed class GetEventSubscriberCommand : PSCmdlet
{
    /// <summary>A name or wildcard.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string SourceIdentifier { get; set; } = "*";

    /// <summary>Also hidden ones.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WildcardPattern pattern = new(SourceIdentifier, WildcardOptions.IgnoreCase);
        foreach (PSEventSubscriber subscriber in Events.Subscribers.ToArray())
        {
            if (pattern.IsMatch(subscriber.SourceIdentifier) && (Force || !subscriber.SupportEvent))
                WriteObject(subscriber);
        }
    }
}
