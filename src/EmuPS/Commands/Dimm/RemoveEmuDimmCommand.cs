using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Asks the guest to let DIMMs go; with <c>-Wait</c> says what it answered.</summary>
[Cmdlet(VerbsCommon.Remove, "EmuDimm", SupportsShouldProcess = true)]
[OutputType(typeof(EmuDimm))]
[OutputType(typeof(EmuDimmResult))]
public sealed class RemoveEmuDimmCommand : PartCommand
{
    private DimmWaits? _waits;

    /// <summary>The DIMMs: ids, wildcards or objects.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("DimmId")]
    [ArgumentCompleter(typeof(DimmCompleter))]
    [SupportsWildcards]
    public DimmIdentity[] Dimm { get; set; } = [];

    /// <summary>Deletes the memory backend too, when the guest has let go.</summary>
    [Parameter]
    public SwitchParameter WithBackend { get; set; }

    /// <summary>Waits until the guest has let go or refused.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long to wait for all answers together, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(-1, Deadline.LongestSeconds)]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <summary>Emits the DIMM, or with <c>-Wait</c> what became of it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _waits = new DimmWaits(this, new Deadline(Timeout), PassThru);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (DimmIdentity identity in Dimm)
        {
            foreach (EmuVM vm in ResolveVMs(identity, ErrorIds.DimmOfAnotherVM))
                Try(identity.Text, () => Remove(vm, identity));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _waits!.Finish();

    private void Remove(EmuVM vm, DimmIdentity identity)
    {
        vm.RequireAlive();
        MemoryHotplugManager hotplug = vm.Machine.Hotplug;
        DimmInfo[] found = [.. hotplug.Dimms.Where(dimm => identity.Matches(dimm.Name))];
        // What is not there the engine reports, in QEMU's words.
        if (found.Length == 0 && identity.Pattern is null)
            hotplug.RequestRemoval(identity.Text);
        foreach (DimmInfo dimm in found)
        {
            if (!ShouldProcess(vm.Name, $"Ask the guest to let go of DIMM '{dimm.Name}' in slot {dimm.Slot}"))
                continue;
            int console = vm.Machine.Console.Length;
            DimmInfo asked = hotplug.RequestRemoval(dimm.Name, WithBackend);
            if (Wait)
                _waits!.Add(vm, asked, EmuDimmGoal.Removed, console);
            else if (PassThru)
                WriteObject(DimmSnapshots.From(vm, asked));
        }
    }
}
