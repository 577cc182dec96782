using System;
using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Objects;
using EngineException = EmuPS.Machine.EngineException;

namespace EmuPS.Commands;

/// <summary>Plugs a DIMM into a VM while it runs, over a memory backend or over one made on the spot.</summary>
[Cmdlet(VerbsCommon.Add, "EmuDimm", DefaultParameterSetName = BackendSet, SupportsShouldProcess = true)]
[OutputType(typeof(EmuDimm))]
[OutputType(typeof(EmuDimmResult))]
public sealed class AddEmuDimmCommand : EmuCmdlet
{
    private const string BackendSet = "Backend";
    private const string BackendOnVMSet = "BackendOnVM";
    private const string SizeSet = "Size";
    private const string BackendPrefix = "mem-";

    private DimmWaits? _waits;
    private bool _vmWasTyped;

    /// <summary>The memory backend behind the DIMM.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BackendSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BackendOnVMSet)]
    [Alias("BackendId")]
    [ArgumentCompleter(typeof(UnusedBackendCompleter))]
    [SupportsWildcards]
    public BackendIdentity[] Backend { get; set; } = [];

    /// <summary>The DIMM's size; a backend of anonymous memory is made for it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SizeSet)]
    [Alias("SizeBytes")]
    [ByteSizeTransformation]
    public long Size { get; set; }

    /// <summary>The VMs: names, wildcards, ids or objects. Left out, the backend's VM, else the only VM that is not stopped.</summary>
    [Parameter(ParameterSetName = BackendSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = BackendOnVMSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = SizeSet, ValueFromPipeline = true)]
    [Alias("VMName", "VMId")]
    [ArgumentCompleter(typeof(VMCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public VMIdentity[]? VM { get; set; }

    /// <summary>The id of the new DIMM; left out, the first free <c>dimm0</c>, <c>dimm1</c>, ...</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>The slot; left out, the first free one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FreeSlotCompleter))]
    public int Slot { get; set; } = -1;

    /// <summary>The guest-physical address; left out, the first gap.</summary>
    [Parameter]
    public ulong Address { get; set; }

    /// <summary>The guest's NUMA node.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [ValidateRange(0, int.MaxValue)]
    public int Node { get; set; }

    /// <summary>Waits until the guest has answered.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long to wait for all answers together, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateTimeout]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <summary>Emits the DIMM, or with <c>-Wait</c> what became of it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _vmWasTyped = VM is not null;
        _waits = new DimmWaits(this, new Deadline(Timeout), PassThru);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == SizeSet)
        {
            foreach (EmuVM vm in ResolveVMs(VM))
                Try(Id ?? (object)vm, () => AddWithBackend(vm));
            return;
        }

        foreach (BackendIdentity identity in Backend)
        {
            bool isTyped = _vmWasTyped || ParameterSetName == BackendOnVMSet;
            foreach (EmuVM vm in ResolveVMs(identity, VM, isTyped, ErrorIds.BackendOfAnotherVM))
            {
                Try(identity.Text, () =>
                {
                    foreach (string backend in Expand(vm, identity))
                        Try(Id ?? backend, () => Add(vm, backend));
                });
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _waits!.Finish();

    // What is not there the engine reports, in QEMU's words.
    private static string[] Expand(EmuVM vm, BackendIdentity identity)
    {
        identity.Pattern?.Check();
        return identity.Pattern is null
            ? [identity.Text]
            : [.. vm.Backends.Where(backend => backend.InUseBy is null && identity.Matches(backend.BackendId)).Select(backend => backend.BackendId)];
    }

    private void AddWithBackend(EmuVM vm)
    {
        vm.RequireAlive();
        Sizes.Require(Size, nameof(Size));
        if (!ShouldProcess(vm.Name, $"Add a {Size >> 20} MiB DIMM{(Id is null ? "" : $" '{Id}'")}"))
            return;
        // Another runspace may take a generated id first; then the next one is tried.
        while (!TryAddWithBackend(vm, Id ?? vm.Machine.Hotplug.ProposeDimmId(BackendPrefix)))
        {
        }
    }

    private bool TryAddWithBackend(EmuVM vm, string id)
    {
        MemoryHotplugManager hotplug = vm.Machine.Hotplug;
        MemoryBackendOptions options = hotplug.WithDefaults(new MemoryBackendOptions { Id = BackendPrefix + id, SizeBytes = (ulong)Size });
        string? made = null;
        try
        {
            made = FillProgress.Make(
                this, options.PreallocatedBytes, (progress, cancelled) => hotplug.AddBackend(options, progress, cancelled), backend => hotplug.RemoveBackend(backend.Id)).Id;
            Plug(vm, made, id);
            return true;
        }
        catch (Exception error)
        {
            if (made is not null)
                hotplug.RemoveBackend(made);
            if (Id is null && error is EngineException { ErrorId: EmuPS.Machine.ErrorIds.BackendExists or EmuPS.Machine.ErrorIds.DimmExists })
                return false;
            throw;
        }
    }

    private void Add(EmuVM vm, string backend)
    {
        vm.RequireAlive();
        string slot = Slot < 0 ? "the first free slot" : $"slot {Slot}";
        if (ShouldProcess(vm.Name, $"Add a DIMM{(Id is null ? "" : $" '{Id}'")} over '{backend}' in {slot}"))
            Plug(vm, backend, Id);
    }

    private void Plug(EmuVM vm, string backend, string? id)
    {
        DimmInfo dimm = vm.Machine.Hotplug.AddDimm(new PcDimmOptions
        {
            Id = id,
            GenerateId = true,
            BackendId = backend,
            Slot = Slot,
            Address = Address,
            Node = (uint)Node,
        });
        WriteVerbose($"{vm.Name}: DIMM '{dimm.Name}' is in slot {dimm.Slot} at 0x{dimm.Address:x}.");
        if (Wait)
            _waits!.Add(vm, dimm, EmuDimmGoal.Accepted);
        else if (PassThru)
            WriteObject(DimmSnapshots.From(vm, dimm));
    }
}
