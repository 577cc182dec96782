using System;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using System.Threading;

namespace EmuPS.Shell.Utility;

/// <summary>Waits for an event in the session's queue and emits it; it stays queued.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Event")]
[OutputType(typeof(PSEventArgs))]
public sealed class WaitEventCommand : PSCmdlet, IDisposable
{
    private const int PulseMilliseconds = 100;
    private readonly AutoResetEvent _arrived = new(false);
    private volatile bool _stopped;

    /// <summary>A name or wildcard.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string SourceIdentifier { get; set; } = "*";

    /// <summary>How long to wait, in seconds; -1 waits without limit.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(-1, int.MaxValue / 1000)]
    public int Timeout { get; set; } = -1;

    /// <inheritdoc/>
    public void Dispose() => _arrived.Dispose();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WildcardPattern pattern = new(SourceIdentifier, WildcardOptions.IgnoreCase);
        Stopwatch watch = Stopwatch.StartNew();
        Events.ReceivedEvents.PSEventReceived += OnReceived;
        try
        {
            while (!_stopped)
            {
                PSEventArgs? found;
                lock (Events.ReceivedEvents.SyncRoot)
                    found = Events.ReceivedEvents.FirstOrDefault(item => pattern.IsMatch(item.SourceIdentifier));
                if (found is not null)
                {
                    WriteObject(found);
                    return;
                }

                if (Timeout >= 0 && watch.Elapsed.TotalSeconds >= Timeout)
                    return;
                _arrived.WaitOne(PulseMilliseconds);

                // Actions of subscriptions run on this thread, between statements; a statement lets them.
                InvokeCommand.InvokeScript("$null");
            }
        }
        finally
        {
            Events.ReceivedEvents.PSEventReceived -= OnReceived;
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _stopped = true;
        _arrived.Set();
    }

    private void OnReceived(object? sender, PSEventArgs args) => _arrived.Set();
}
