using System;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Subscribes to a .NET event.</summary>
[Cmdlet(VerbsLifecycle.Register, "ObjectEvent")]
[OutputType(typeof(PSEventJob))]
public sealed class RegisterObjectEventCommand : PSCmdlet
{
    /// <summary>The object that raises it.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>The event's name.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    public string EventName { get; set; } = "";

    /// <summary>A name for the subscription.</summary>
    [Parameter(Position = 100)]
    public string SourceIdentifier { get; set; } = Guid.NewGuid().ToString();

    /// <summary>Code to run per event; without it events queue up for Get-Event.</summary>
    [Parameter(Position = 101)]
    public ScriptBlock? Action { get; set; }

    /// <summary>Data that comes with every event.</summary>
    [Parameter]
    public PSObject? MessageData { get; set; }

    /// <summary>Hides the subscription from Get-EventSubscriber.</summary>
    [Parameter]
    public SwitchParameter SupportEvent { get; set; }

    /// <summary>Sends events on from a remote session.</summary>
    [Parameter]
    public SwitchParameter Forward { get; set; }

    /// <summary>Ends the subscription after so many events; 0 means never.</summary>
    [Parameter]
    public int MaxTriggerCount { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        object source = InputObject.BaseObject;
        try
        {
            PSEventSubscriber subscriber = Events.SubscribeEvent(
                source, EventName, SourceIdentifier, MessageData, Action, SupportEvent, Forward, MaxTriggerCount);
            if (Action is not null && !SupportEvent)
                WriteObject(subscriber.Action);
        }
        catch (ArgumentException error)
        {
            WriteError(new ErrorRecord(error, "INVALID_REGISTRATION", ErrorCategory.InvalidArgument, EventName));
        }
        catch (InvalidOperationException error)
        {
            WriteError(new ErrorRecord(error, "INVALID_REGISTRATION", ErrorCategory.InvalidOperation, EventName));
        }
    }
}
