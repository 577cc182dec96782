using System.Linq;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Ends subscriptions.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "Event", SupportsShouldProcess = true, DefaultParameterSetName = "BySource")]
public sealed class UnregisterEventCommand : PSCmdlet
{
    /// <summary>A name or wildcard.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "BySource")]
    public string SourceIdentifier { get; set; } = "";

    /// <summary>The subscription's number.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ById")]
    public int SubscriptionId { get; set; }

    /// <summary>Also hidden ones.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool byId = ParameterSetName == "ById";
        WildcardPattern pattern = new(SourceIdentifier, WildcardOptions.IgnoreCase);
        PSEventSubscriber[] found = [.. Events.Subscribers.Where(subscriber => (Force || !subscriber.SupportEvent)
            && (byId ? subscriber.SubscriptionId == SubscriptionId : pattern.IsMatch(subscriber.SourceIdentifier)))];
        if (found.Length == 0 && (byId || !WildcardPattern.ContainsWildcardCharacters(SourceIdentifier)))
        {
            object target = byId ? SubscriptionId : SourceIdentifier;
            WriteError(new ErrorRecord(
                new PSArgumentException($"There is no event subscription '{target}'."), "INVALID_SOURCE_IDENTIFIER", ErrorCategory.InvalidArgument, target));
        }

        foreach (PSEventSubscriber subscriber in found)
        {
            if (ShouldProcess($"Event '{subscriber.SourceIdentifier}'", "Unsubscribe"))
                Events.UnsubscribeEvent(subscriber);
        }
    }
}
