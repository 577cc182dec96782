using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using EmuPS.Completion;
using EmuPS.Identity;
using EmuPS.Machine;
using EmuPS.Machine.Events;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Lists what happened in VMs.</summary>
[Cmdlet(VerbsCommon.Get, "EmuEvent")]
[OutputType(typeof(EmuEvent))]
public sealed class GetEmuEventCommand : OnVMCommand
{
    private readonly List<EmuVM> _followed = [];
    private NamePattern[]? _patterns;

    /// <summary>The names of the events; wildcards are taken.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(EventNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Only events after this number.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long After { get; set; }

    /// <summary>Only so many of the latest, of each VM.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Last { get; set; }

    /// <summary>Goes on with what happens from now on, until Ctrl+C or until all VMs have ended.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _patterns = EventSnapshots.Patterns(this, Name);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM, allByDefault: true))
        {
            if (Wait)
            {
                _followed.Add(vm);
                continue;
            }

            WriteObject(Past(vm).Select(happened => EventSnapshots.From(vm, happened)), enumerateCollection: true);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_followed.Count > 0)
            WaitFor(Task.WhenAll(_followed.Select(FollowAsync)));
    }

    private IEnumerable<MachineEvent> Past(EmuVM vm)
    {
        IEnumerable<MachineEvent> past = vm.Machine.Events.Since(After).Where(happened => EventSnapshots.Matches(_patterns, happened.Name));
        return Last is { } count ? past.TakeLast(count) : past;
    }

    private async Task FollowAsync(EmuVM vm)
    {
        MachineEventLog log = vm.Machine.Events;
        long seen = log.LastSequence;
        List<MachineEvent> past = [.. Past(vm).Where(happened => happened.Sequence <= seen)];
        foreach (MachineEvent happened in past)
            Emit(vm, happened);
        try
        {
            while (true)
            {
                MachineEvent next = await log.WaitAsync(_ => true, Math.Max(seen, After), CancelToken).ConfigureAwait(false);
                seen = next.Sequence;
                if (EventSnapshots.Matches(_patterns, next.Name))
                    Emit(vm, next);
            }
        }
        catch (EngineException error) when (error.ErrorId == Machine.ErrorIds.MachineEnded)
        {
            // The VM's last event has been seen.
        }
    }

    private void Emit(EmuVM vm, MachineEvent happened) => Post(() => WriteObject(EventSnapshots.From(vm, happened)));
}
