using System;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Machine.Events;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Waits for something to happen in a VM, and emits it.</summary>
[Cmdlet(VerbsLifecycle.Wait, "EmuEvent")]
[OutputType(typeof(EmuEvent))]
public sealed class WaitEmuEventCommand : OnVMCommand
{
    private NamePattern[]? _patterns;
    private Deadline _deadline = new(-1);

    /// <summary>The names of the events; wildcards are taken. Left out, any event.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(EventNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Takes events after this number, so that one that came already counts; left out, only what happens from now on.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? After { get; set; }

    /// <summary>A script block that says whether <c>$_</c> is the one.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Filter { get; set; }

    /// <summary>How long to wait, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateTimeout]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _patterns = EventSnapshots.Patterns(this, Name);
        _deadline = new Deadline(Timeout);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
            Try(vm, () => WriteObject(WaitOn(vm)));
    }

    private EmuEvent WaitOn(EmuVM vm)
    {
        MachineEventLog log = vm.Machine.Events;
        long after = After ?? log.LastSequence;
        using CancellationTokenSource limit = _deadline.Link(CancelToken);
        while (true)
        {
            Task<MachineEvent> wait = log.WaitAsync(happened => EventSnapshots.Matches(_patterns, happened.Name), after, limit.Token);
            MachineEvent happened;
            try
            {
                happened = WaitFor(wait, $"Waiting for {(Name is null ? "an event" : string.Join(" or ", Name))}");
            }
            catch (OperationCanceledException)
            {
                throw new EmuException(
                    ErrorIds.EventTimeout, $"'{vm.Name}': {(Name is null ? "nothing" : "no " + string.Join(" or ", Name))} happened within {_deadline.Text}.",
                    "Wait longer with -Timeout; an event that came before the wait counts only with -After.", category: ErrorCategory.OperationTimeout);
            }

            EmuEvent snapshot = EventSnapshots.From(vm, happened);
            if (Filter is null || Accepts(snapshot))
                return snapshot;
            after = happened.Sequence;
        }
    }

    private bool Accepts(EmuEvent happened) => LanguagePrimitives.IsTrue(
        Filter!.InvokeWithContext(null, [new PSVariable("_", happened)]).LastOrDefault());
}
