using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Makes a memory backend: host memory that a DIMM can offer to the guest.</summary>
[Cmdlet(VerbsCommon.New, "EmuMemoryBackend", SupportsShouldProcess = true)]
[OutputType(typeof(EmuMemoryBackend))]
public sealed class NewEmuMemoryBackendCommand : OnVMCommand
{
    /// <summary>The id; left out, the first free <c>mem0</c>, <c>mem1</c>, ...</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>The size.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("SizeBytes")]
    [ByteSizeTransformation]
    public long Size { get; set; }

    /// <summary>Where the memory comes from; <c>File</c> follows from <c>-Path</c>.</summary>
    [Parameter]
    public EmuMemoryBackendKind Kind { get; set; }

    /// <summary>The file, made when it is missing, or a folder to make a nameless one in. When somebody truncates it, the lost part reads as zeros and the VM stops with the event <c>MEMORY_BACKEND_LOST</c> (<c>-QemuArgument '-machine memory-loss=report'</c>: it goes on). That is so on Linux with an x86-64 processor; Windows does not let the file be truncated, elsewhere the process ends. A file that is deleted or replaced loses nothing.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Lets others who map the same file see what the guest writes.</summary>
    [Parameter]
    public SwitchParameter Share { get; set; }

    /// <summary>The alignment of a file's mapping, a power of two.</summary>
    [Parameter]
    [ByteSizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long Align { get; set; }

    /// <summary>Where in the file the memory begins.</summary>
    [Parameter]
    [ByteSizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long Offset { get; set; }

    /// <summary>Opens the file for reading only; the guest sees memory that it cannot write.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Drops the file's contents when the backend goes away.</summary>
    [Parameter]
    public SwitchParameter DiscardData { get; set; }

    /// <summary>Gives every page real memory at once.</summary>
    [Parameter]
    public SwitchParameter Preallocate { get; set; }

    /// <summary>The number of threads that do so.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? PreallocateThreads { get; set; }

    /// <summary>Uses huge pages; for <c>-Kind Memfd</c>.</summary>
    [Parameter]
    public SwitchParameter HugeTlb { get; set; }

    /// <summary>The size of a huge page.</summary>
    [Parameter]
    [ByteSizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long HugePageSize { get; set; }

    /// <summary>Forbids growing and shrinking; for <c>-Kind Memfd</c>, where it is the default.</summary>
    [Parameter]
    public bool Seal { get; set; } = true;

    /// <summary>Whether the host may merge equal pages.</summary>
    [Parameter]
    public bool Merge { get; set; } = true;

    /// <summary>Whether the host's core dumps include the memory.</summary>
    [Parameter]
    public bool Dump { get; set; } = true;

    /// <summary>Whether the host may refuse what it could not fill.</summary>
    [Parameter]
    public bool Reserve { get; set; } = true;

    /// <summary>The host's NUMA nodes that the policy speaks of.</summary>
    [Parameter]
    [ValidateNotNull]
    public ushort[] HostNode { get; set; } = [];

    /// <summary>How the host places the memory on its NUMA nodes.</summary>
    [Parameter]
    public EmuHostPolicy HostPolicy { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
            Try(Id ?? (object)vm, () => Make(vm));
    }

    private void Make(EmuVM vm)
    {
        vm.RequireAlive();
        Sizes.Require(Size, nameof(Size));
        MemoryBackendOptions options = vm.Machine.Hotplug.WithDefaults(Options());
        if (ShouldProcess(vm.Name, $"Make a {options.TypeName} of {Size >> 20} MiB{(Id is null ? "" : $" '{Id}'")}"))
            WriteObject(DimmSnapshots.From(vm, Add(vm.Machine.Hotplug, options)));
    }

    private MemoryBackendInfo Add(MemoryHotplugManager hotplug, MemoryBackendOptions options) => FillProgress.Make(
        this, options.PreallocatedBytes, (progress, cancelled) => hotplug.AddBackend(options, progress, cancelled), made => hotplug.RemoveBackend(made.Id));

    private MemoryBackendOptions Options() => new()
    {
        Id = Id,
        Kind = Kind switch
        {
            EmuMemoryBackendKind.Memfd => MemoryBackendKind.Memfd,
            EmuMemoryBackendKind.Ram when Path is null => MemoryBackendKind.Ram,
            _ => MemoryBackendKind.File,
        },
        SizeBytes = (ulong)Size,
        Path = Path is null ? null : FilePath(Path),
        Share = MyInvocation.BoundParameters.ContainsKey(nameof(Share)) ? Share : null,
        Align = (ulong)Align,
        Offset = (ulong)Offset,
        ReadOnly = ReadOnly,
        DiscardData = DiscardData,
        Preallocate = MyInvocation.BoundParameters.ContainsKey(nameof(Preallocate)) ? Preallocate.IsPresent : null,
        PreallocateThreads = (uint?)PreallocateThreads,
        HugeTlb = HugeTlb,
        HugePageSize = (ulong)HugePageSize,
        Seal = Seal,
        Merge = Merge,
        Dump = Dump,
        Reserve = Reserve,
        HostNodes = HostNode,
        HostPolicy = HostPolicy switch
        {
            EmuHostPolicy.Preferred => HostMemoryPolicy.Preferred,
            EmuHostPolicy.Bind => HostMemoryPolicy.Bind,
            EmuHostPolicy.Interleave => HostMemoryPolicy.Interleave,
            _ => HostMemoryPolicy.Default,
        },
    };
}
