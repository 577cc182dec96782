using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Machine.Guests;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.QemuOptions;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Makes a VM and starts it, or starts a stopped one again.</summary>
[Cmdlet(VerbsLifecycle.Start, "EmuVM", DefaultParameterSetName = GuestSet, SupportsShouldProcess = true)]
[OutputType(typeof(EmuVM))]
public sealed class StartEmuVMCommand : EmuCmdlet
{
    private const string GuestSet = "Guest";
    private const string KernelSet = "Kernel";
    private const string FirmwareSet = "Firmware";
    private const string AgainSet = "Again";

    private readonly List<EmuVM> _started = [];

    /// <summary>The VM's name, beginning with a letter; left out, the first free <c>vm1</c>, <c>vm2</c>, ...</summary>
    [Parameter(Position = 0, ParameterSetName = GuestSet)]
    [Parameter(Position = 0, ParameterSetName = KernelSet)]
    [Parameter(Position = 0, ParameterSetName = FirmwareSet)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The memory that it starts with: a size, or QEMU's <c>1G,slots=3,maxmem=4G</c>. A number without a unit is bytes.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [MemoryTextTransformation]
    [ValidateNotNullOrEmpty]
    public string? Memory { get; set; }

    /// <summary>The number of DIMM slots.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateRange(0, int.MaxValue)]
    public int? Slots { get; set; }

    /// <summary>The memory that it can have at most.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ByteSizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long? MaxMemory { get; set; }

    /// <summary>The number of processors, each of which is a thread of the host.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateRange(1, 16)]
    public int CpuCount { get; set; } = 1;

    /// <summary>NUMA nodes: hashtables with Memory and Cpu.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateNotNull]
    public EmuNumaNodeSpec[] NumaNode { get; set; } = [];

    /// <summary>DIMMs that are there from the start: hashtables with Id, Size or Backend, Slot, Address, Node.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateNotNull]
    public EmuDimmSpec[] Dimm { get; set; } = [];

    /// <summary>The guest image: a name, or an object from <c>Get-EmuGuestImage</c>. <c>Simulated</c> needs no files.</summary>
    [Parameter(ParameterSetName = GuestSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = FirmwareSet, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(GuestImageCompleter))]
    [ValidateNotNull]
    public GuestIdentity? Guest { get; set; }

    /// <summary>The path of a ROM image that starts the VM, such as SeaBIOS, qboot or OVMF; it is offered the kernel, if there is one. Not together with <c>-Guest</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FirmwareSet)]
    [ValidateNotNullOrEmpty]
    public string? Firmware { get; set; }

    /// <summary>The path of a kernel of your own.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateNotNullOrEmpty]
    public string? Kernel { get; set; }

    /// <summary>The path of the kernel's initial RAM disk.</summary>
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateNotNullOrEmpty]
    public string? Initrd { get; set; }

    /// <summary>The kernel's command line; of a guest image, what comes after its own.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    public string CommandLine { get; set; } = "";

    /// <summary>What a Linux guest does with memory that appears.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateNotNull]
    public EmuOnlinePolicy? OnlinePolicy { get; set; }

    /// <summary>How the simulated guest answers removals.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    public EmuAnswerPolicy UnplugPolicy { get; set; }

    /// <summary>How the simulated guest answers insertions.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    public EmuAnswerPolicy PlugPolicy { get; set; }

    /// <summary>Gives the VM a pvpanic device, with which the guest's kernel says that it panicked, and says what happens then; the event is <c>GUEST_PANICKED</c>.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateNotNull]
    public EmuPanicAction? OnPanic { get; set; }

    /// <summary>Holds the VM before its first instruction.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    public SwitchParameter Suspended { get; set; }

    /// <summary>The path of a Unix socket to listen on for QMP.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateNotNullOrEmpty]
    public string? QmpSocket { get; set; }

    /// <summary>A TCP port to listen on for QMP, on this host only; 0 for a free one.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateRange(0, 65535)]
    public int? QmpPort { get; set; }

    /// <summary>Options of QEMU's command line, as one text or several; the other parameters win.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateNotNullOrEmpty]
    public string[]? QemuArgument { get; set; }

    /// <summary>A file that gets all that the guest writes to its console.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateNotNullOrEmpty]
    public string? ConsolePath { get; set; }

    /// <summary>A file that gets the VM's log: plugs, the guest's answers, resets, monitor commands. It is written on at its end; one file for one VM.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>How much goes into the log.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    public EmuLogLevel LogLevel { get; set; } = EmuLogLevel.Information;

    /// <summary>Connects the guest's console to standard input and output and ends with the VM; <c>$LASTEXITCODE</c> is QEMU's exit code.</summary>
    [Parameter(ParameterSetName = GuestSet)]
    [Parameter(ParameterSetName = KernelSet)]
    [Parameter(ParameterSetName = FirmwareSet)]
    public SwitchParameter Foreground { get; set; }

    /// <summary>Stopped VMs to start again as they were.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AgainSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "VMId")]
    [ArgumentCompleter(typeof(StoppedVMCompleter))]
    [SupportsWildcards]
    public VMIdentity[] VM { get; set; } = [];

    /// <summary>Waits until the guest has booted and answers.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long to wait, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateTimeout]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            if (ParameterSetName == AgainSet)
            {
                foreach (EmuVM vm in ResolveVMs(VM))
                    Try(vm, () => StartAgain(vm));
            }
            else
            {
                Try(Name, StartNew);
            }
        }
        catch (PipelineStoppedException)
        {
            GiveUp(_started);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var deadline = new Deadline(Timeout);
        int emitted = 0;
        try
        {
            foreach (EmuVM vm in _started)
            {
                if (Wait)
                    Try(vm, () => WaitForGuest(vm, deadline));
                emitted++;
                WriteObject(vm);
            }
        }
        catch (PipelineStoppedException)
        {
            GiveUp(_started.Skip(emitted));
            throw;
        }
    }

    // Nobody holds a VM whose start was given up: it would run on unseen and keep its name from the next try.
    private void GiveUp(IEnumerable<EmuVM> vms)
    {
        foreach (EmuVM vm in vms)
        {
            if (ParameterSetName == AgainSet)
                vm.Machine.PowerOff();
            else
                VMRegistry.Remove(vm);
        }
    }

    private VirtualMachine Make(MachineOptions options) => FillProgress.Make(
        this, options.PreallocatedBytes, (progress, cancelled) => VirtualMachine.Create(options, progress, cancelled), static made => made.Dispose());

    private void StartAgain(EmuVM vm)
    {
        if (vm.IsAlive)
            throw EmuVM.AlreadyRunning(vm.Name);
        if (!ShouldProcess(vm.Name, "Start the VM again"))
            return;
        vm.Renew(Make);
        vm.Start();
        _started.Add(vm);
    }

    private void StartNew()
    {
        QemuCommandLine qemu = QemuArgument is null ? new QemuCommandLine() : QemuCommandLine.Parse(QemuArgument);
        MachineOptions options = Options(qemu, out string guest);
        string? wantedName = Name ?? qemu.Name;
        if (!ShouldProcess(wantedName ?? "a new VM", $"Start a VM with {options.Memory.SizeBytes >> 20} MiB and {options.Memory.SlotCount} DIMM slots that runs {guest}"))
            return;
        if (LogPath is null && MyInvocation.BoundParameters.ContainsKey(nameof(LogLevel)))
            WriteWarning("-LogLevel does nothing without -LogPath, which names the file.");
        if (!options.Boot.IsSimulated)
        {
            foreach (string policy in new[] { nameof(UnplugPolicy), nameof(PlugPolicy) }.Where(MyInvocation.BoundParameters.ContainsKey))
                WriteWarning($"-{policy} does nothing with the guest '{guest}', which decides by itself; the simulated guest takes it.");
        }

        EmuVM vm = VMRegistry.Add(wantedName, (id, name) => new EmuVM(id, name, guest, options, Make));
        HearWarnings(vm, fromBeginning: true);
        try
        {
            OpenSockets(vm, qemu);
            if (ConsolePath is not null)
                ConsoleFile.Attach(vm, FilePath(ConsolePath));
            if (Foreground)
            {
                int exitCode = ForegroundConsole.Run(this, vm);
                SessionState.PSVariable.Set("global:LASTEXITCODE", exitCode);
                VMRegistry.Remove(vm);
                return;
            }

            vm.Start();
        }
        catch (Exception)
        {
            VMRegistry.Remove(vm);
            throw;
        }

        _started.Add(vm);
    }

    private void OpenSockets(EmuVM vm, QemuCommandLine qemu)
    {
        if ((QmpSocket ?? qemu.QmpSocketPath) is { } path)
            QmpServers.Start(vm, FilePath(path), 0, null, allowRemote: false);
        if ((QmpPort ?? qemu.QmpPort) is { } port)
            WriteVerbose($"QMP: {QmpServers.Start(vm, null, port, null, allowRemote: false).Endpoint}");
    }

    private MachineOptions Options(QemuCommandLine qemu, out string guest)
    {
        MemoryConfiguration memory = StartRecipe.Memory(Memory, Slots, MaxMemory, qemu.Memory);
        (List<MemoryBackendOptions> backends, List<PcDimmOptions> dimms) = StartRecipe.Dimms(Dimm, FilePath);
        GuestResetAction onReset = qemu.NoReboot ? GuestResetAction.Stop : GuestResetAction.Reset;
        return new MachineOptions
        {
            Memory = memory,
            CpuCount = MyInvocation.BoundParameters.ContainsKey(nameof(CpuCount)) ? CpuCount : qemu.CpuCount ?? CpuCount,
            NumaNodes = [.. qemu.NumaNodes, .. NumaNode.Select(node => new NumaNodeOptions { MemoryBytes = (ulong)node.Memory.Bytes, Cpus = node.Cpu })],
            PreallocateMemory = qemu.PreallocateMemory,
            MemoryPath = qemu.MemoryPath is { Length: > 0 } folder ? FilePath(folder) : qemu.MemoryPath,
            Backends = [.. qemu.Backends.Select(backend => backend.Path is { } path ? backend with { Path = FilePath(path) } : backend), .. backends],
            Dimms = [.. qemu.Dimms, .. dimms],
            Boot = Boot(qemu, out guest),
            StartSuspended = Suspended || qemu.StartSuspended,
            PlugPolicy = OnlinePolicies.ToEngine(PlugPolicy),
            UnplugPolicy = OnlinePolicies.ToEngine(UnplugPolicy),
            OnGuestReset = onReset,
            OnTripleFault = onReset,
            OnMemoryLoss = qemu.OnMemoryLoss ?? MemoryLossAction.Stop,
            Panic = qemu.Panic ?? (OnPanic is null ? null : new PanicDevice()),
            OnGuestPanic = OnPanic is { } action ? (GuestPanicAction)action : qemu.OnGuestPanic ?? GuestPanicAction.Shutdown,
            SplitWx = qemu.SplitWx,
            HasDebugConsole = Foreground,
            HasDebugExit = Foreground,
            HasTestDevice = Foreground,
            Log = LogOptions(),
        };
    }

    private MachineLogOptions? LogOptions()
    {
        if (LogPath is null)
            return null;
        string path = Path.GetFullPath(FilePath(LogPath));
        if (VMRegistry.All.FirstOrDefault(vm => vm.IsAlive && vm.Machine.Options.Log?.Path == path) is { } other)
        {
            // Two writers would overwrite each other's lines.
            throw new EmuException(
                ErrorIds.LogFileUnavailable, $"The VM '{other.Name}' writes its log into '{path}'.", "Name another file.", category: ErrorCategory.ResourceBusy);
        }

        return new MachineLogOptions(path, (MachineLogLevel)LogLevel);
    }

    private BootOptions Boot(QemuCommandLine qemu, out string guest)
    {
        string policy = OnlinePolicy is { } online ? OnlinePolicies.ToLinux(online) : "";
        string? firmware = (Firmware ?? qemu.FirmwarePath) is { } rom ? FilePath(rom) : null;
        if (firmware is not null && Guest is not null)
        {
            throw new EmuException(
                ErrorIds.BootOptionsConflict, "Firmware starts what it finds or is offered; a guest image is started without firmware.",
                "Leave one of the two out, or offer the image's kernel: -Kernel $image.KernelPath -Initrd $image.InitrdPath -CommandLine ...", category: ErrorCategory.InvalidArgument);
        }

        if ((Kernel ?? (Guest is null ? qemu.KernelPath : null)) is { } kernel)
        {
            guest = FilePath(kernel);
            string? initrd = Initrd ?? qemu.InitrdPath;
            return new BootOptions
            {
                FirmwarePath = firmware,
                KernelPath = guest,
                InitrdPath = initrd is null ? null : FilePath(initrd),
                CommandLine = Words(qemu.KernelCommandLine ?? "", CommandLine, policy.Length == 0 ? "" : "memhp_default_state=" + policy),
            };
        }

        if (firmware is not null)
        {
            guest = firmware;
            if ((Initrd ?? qemu.InitrdPath) is not null)
                throw NeedsKernel("Initrd");
            if (qemu.KernelCommandLine is not null || CommandLine.Length > 0)
                throw NeedsKernel("CommandLine");
            if (policy.Length > 0)
                throw NeedsKernel("OnlinePolicy");
            return new BootOptions { FirmwarePath = firmware };
        }

        guest = Guest?.Name ?? GuestImage.DefaultName;
        if (string.Equals(guest, SimulatedGuest.ImageName, StringComparison.OrdinalIgnoreCase))
        {
            guest = SimulatedGuest.ImageName;
            return BootOptions.Simulated;
        }

        GuestImage image = new GuestImageStore().GetRequired(guest);
        return new BootOptions
        {
            KernelPath = image.KernelPath,
            InitrdPath = image.InitrdPath,
            CommandLine = Words(
                GuestImage.DefaultCommandLine, policy.Length == 0 ? "" : "emups.online=" + policy, qemu.KernelCommandLine ?? "", CommandLine),
        };
    }

    private static EmuException NeedsKernel(string parameter) => new(
        ErrorIds.BootOptionsConflict, $"-{parameter} is for a kernel, and firmware is offered none.", $"Name one with -Kernel, or leave -{parameter} out.", category: ErrorCategory.InvalidArgument);

    private void WaitForGuest(EmuVM vm, Deadline deadline)
    {
        using CancellationTokenSource limit = deadline.Link(CancelToken);
        try
        {
            WaitFor(vm.WaitGuestReadyAsync(limit.Token), $"'{vm.Name}' is booting");
        }
        catch (OperationCanceledException)
        {
            throw VMWait.TimedOut(vm, EmuVMGoal.GuestReady, deadline);
        }
    }

    private static string Words(params string[] parts) => string.Join(' ', parts.Where(part => part.Length > 0));
}
