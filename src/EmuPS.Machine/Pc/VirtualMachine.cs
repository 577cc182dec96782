using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Core.Addresses;
using EmuPS.Core.Diagnostics;
using EmuPS.Core.Memory;
using EmuPS.Core.Native;
using EmuPS.Core.Processor;
using EmuPS.Cpu;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Multiprocessing;
using EmuPS.Machine.AcpiTables;
using EmuPS.Machine.Boot;
using EmuPS.Machine.Events;
using EmuPS.Machine.Guests;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Pc;

/// <summary>A PC and its life: made, started, held, reset, ended. All public members may be called from any thread that does not hold the device lock.</summary>
/// <remarks>
/// One thread belongs to each vCPU from creation to the end. Whatever needs the processors to stand still is a command for the first of them,
/// carried out when all are at a block boundary. The file of this name makes the machine; <c>.Control</c> is what its users ask for,
/// <c>.Thread</c> the vCPUs' threads, <c>.Host</c> what hotplug and hardware ask for.
/// </remarks>
public sealed partial class VirtualMachine : IMachineHost, IDisposable
{
    // A section of Linux's sparse memory model on x86-64; larger machines have larger blocks, never smaller ones.
    private const ulong LinuxBlockBytes = 128 * ByteSize.MiB;

    private readonly PcHardware _hardware;
    private readonly BootImage _boot;
    private readonly BootTarget _bootTarget;
    private readonly AcpiTableSet _acpi;
    private readonly FirmwareMemory? _firmware;
    private readonly Lock _gate = new();
    private readonly Thread[] _threads;
    private readonly int[] _threadNumbers;
    private RamRegion[] _mainRegions = [];
    private TaskCompletionSource _stateChanged = NewSignal();
    private MachineState _state = MachineState.Paused;
    private ulong _finalRetired;
    private bool _isMade;

    private VirtualMachine(MachineOptions options, BootImage boot)
    {
        MemoryConfiguration memory = options.Memory.Validate(ProcessorModel.PhysicalAddressBits);
        Options = options;
        _boot = boot;
        Log = new MachineLog(options.Name, options.Log);
        Anomalies = new AnomalyCounter((kind, detail) => Log.Processor.Anomaly(kind, detail));
        _hardware = PcBuilder.Build(options, new HardwareEvents(this), Anomalies, value => DebugConsole.Append([value]));
        try
        {
            Hotplug = new MemoryHotplugManager(this, memory, Events, options.NumaNodes, options.CpuCount, log: Log)
            {
                GuestBlockBytes = options.Boot.IsSimulated ? 0 : LinuxBlockBytes,
                MemoryLossAction = options.OnMemoryLoss,
                OtherDevicePath = options.Panic?.Path,
                Preallocates = options.PreallocateMemory,
            };
            if (Hotplug.Registers is { } registers)
            {
                _hardware.Ports.Map(PcIoPorts.MemoryHotplug, PcIoPorts.MemoryHotplugLength, registers);
            }

            IHostMemoryBlock mainMemory = MapMainMemory(hasFirmware: boot is FirmwareBootImage);
            AcpiConfiguration acpi = new(
                Hotplug.Layout, memory.SlotCount, options.CpuCount, NumaTopology.Resolve(options.NumaNodes, memory, options.CpuCount))
            { PanicPort = options.Panic?.Port };
            _acpi = AcpiTableSet.Build(acpi);
            if (boot is FirmwareBootImage firmware)
            {
                _firmware = new FirmwareMemory(firmware.Rom, mainMemory, _hardware.HostBridge);
                _firmware.AddTo(_hardware.Memory);
                FirmwareItems.Add(_hardware, acpi, firmware.Kernel);
            }

            _bootTarget = new BootTarget(_hardware.Memory, Hotplug.Layout, _acpi.RootPointer, memory.SlotCount);
            Agent = new GuestAgent(_hardware.Serial2, Log);
            Agent.Booted += OnGuestBooted;
            _hardware.Serial1.Received += bytes => Console.Append(bytes.Span);
            if (options.Boot.IsSimulated)
            {
                SimulatedGuest = new SimulatedGuest(new LockedGuestMemory(_hardware.Memory, _hardware.DeviceLock));
            }

            if (_hardware.Bootstrap.IsTranslationRefused)
            {
                Log.Warn("The host allows no memory for translated code, so the guest is interpreted, ten times and more slower. SELinux and service managers have a permission for it (execmem, MemoryDenyWriteExecute).");
            }

            Log.Machine.Made(memory.SizeBytes >> 20, memory.SlotCount, memory.EffectiveMaxSizeBytes >> 20, options.Boot.IsSimulated ? SimulatedGuest.ImageName : options.Boot.FirmwarePath ?? options.Boot.KernelPath ?? string.Empty);
            _threads = [.. _hardware.Processors.Select(processor => new Thread(processor.Index == 0 ? RunFirst : () => RunOther(processor))
            {
                IsBackground = true,
                Name = $"EmuPS {options.Name} vCPU {processor.Index}",
            })];
            _threadNumbers = new int[_threads.Length];
            foreach (Thread thread in _threads)
            {
                thread.Start();
            }
        }
        catch
        {
            ReleaseHardware();
            Log.Dispose();
            throw;
        }
    }

    /// <summary>Tells machines apart, also those of the same name.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The machine's name.</summary>
    public string Name => Options.Name;

    /// <summary>What it was made of.</summary>
    public MachineOptions Options { get; }

    /// <summary>Memory backends and DIMMs.</summary>
    public MemoryHotplugManager Hotplug { get; } = null!;

    /// <summary>What happened.</summary>
    public MachineEventLog Events { get; } = new();

    /// <summary>Its log.</summary>
    public MachineLog Log { get; }

    /// <summary>All that the guest wrote to its console, the first serial port.</summary>
    public ConsoleLog Console { get; } = new();

    /// <summary>Waits until what the guest has written so far is in <see cref="Console"/>; not for a reader of the console.</summary>
    public void DrainConsole() => _hardware.Serial1.Drain();

    /// <summary>All that the guest wrote to the debug console, port 0xE9.</summary>
    public ConsoleLog DebugConsole { get; } = new();

    /// <summary>The first serial port: the console.</summary>
    public IGuestChannel SerialConsole => _hardware.Serial1;

    /// <summary>The second serial port: the agent's.</summary>
    public IGuestChannel SerialAgent => _hardware.Serial2;

    /// <summary>Runs commands in the guest.</summary>
    public GuestAgent Agent { get; } = null!;

    /// <summary>The host's hold on the simulated guest; null when something else was booted.</summary>
    public SimulatedGuest? SimulatedGuest { get; }

    /// <summary>What the guest did that is not modelled.</summary>
    public AnomalyCounter Anomalies { get; }

    /// <summary>Where memory lies.</summary>
    public MemoryLayout Layout => Hotplug.Layout;

    /// <summary>How long the guest has run; pauses do not count.</summary>
    public TimeSpan Uptime => TimeSpan.FromTicks(_hardware.Clock.Nanoseconds / 100);

    /// <summary>Instructions that the guest has completed, on all processors.</summary>
    public ulong InstructionsRetired
    {
        get
        {
            lock (_hardware.DeviceLock)
            {
                return _hardware.IsDisposed ? _finalRetired : RetiredByAll();
            }
        }
    }

    /// <summary>Whether all processors wait for an interrupt.</summary>
    public bool IsHalted => _hardware.Processors.All(processor => processor.IsHalted);

    /// <summary>Makes, on the calling thread, what the first machine of the process would have to wait for. Nothing when it is there.</summary>
    public static void Prepare() => ProcessorTables.Load();

    /// <summary>Makes a machine: validates, builds, plugs in what is there from the start, and loads the kernel. It waits for <see cref="Start"/>.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="progress">Hears how many of <see cref="MachineOptions.PreallocatedBytes"/> have memory by now, on any thread.</param>
    /// <param name="cancellationToken">Ends the preallocation; then nothing is made.</param>
    /// <exception cref="EngineException">Something is wrong with the options, or the host lacks something; nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">It was ended; nothing is left behind.</exception>
    public static VirtualMachine Create(MachineOptions options, IProgress<ulong>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckCpuCount(options.CpuCount);
        CheckSplitWx(options.SplitWx);
        VirtualMachine machine = new(options, BootImage.Open(options.Boot));
        try
        {
            machine.PlugInitialDevices(progress, cancellationToken);
            machine.LoadBoot();
            machine.ApplySimulatedPolicies();
            machine._isMade = true;
            return machine;
        }
        catch
        {
            IReadOnlyList<string> made = machine.Hotplug.MadeFiles;
            machine.Abandon();
            foreach (string path in made)
            {
                File.Delete(path);
            }

            throw;
        }
    }

    private static void CheckCpuCount(int count)
    {
        if (count is < 1 or > ProcessorGroup.MaximumCount)
        {
            throw new EngineException(
                ErrorIds.CpuCountNotSupported, EngineErrorCategory.InvalidArgument, $"A machine has 1 to {ProcessorGroup.MaximumCount} processors; {count} were asked for.", count,
                $"Give a number from 1 to {ProcessorGroup.MaximumCount}.");
        }

        if (count > 1 && RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new EngineException(
                ErrorIds.CpuCountNotSupported, EngineErrorCategory.NotImplemented,
                $"This host is {RuntimeInformation.ProcessArchitecture}, where the processors of a guest would see each other's memory accesses in an order that x86 forbids.", count,
                "Give the machine one processor, or use an x64 host.");
        }
    }

    private static void CheckSplitWx(bool? splitWx)
    {
        if (splitWx == true && !CodeMemory.CanSplit)
        {
            throw new EngineException(
                ErrorIds.InvalidParameter, EngineErrorCategory.NotImplemented, "Separate views for writing and for executing code (split-wx=on) are there on Linux hosts only.", "split-wx",
                "Leave split-wx out.");
        }
    }

    private ulong RetiredByAll() => _hardware.Processors.Aggregate(0UL, (sum, processor) => sum + processor.Retired);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IHostMemoryBlock MapMainMemory(bool hasFirmware)
    {
        // The window of video memory is not RAM, as there is no video. The BIOS area above it is, unless firmware decides that.
        const ulong VideoStart = 0xA_0000;
        ulong upper = hasFirmware ? ByteSize.MiB : 0xC_0000;
        IHostMemoryBlock block = Hotplug.CreateMainMemory(
            Options.MemoryPath is { } path ? new MemoryBackendOptions { Kind = MemoryBackendKind.File, Path = path } : null);
        MemoryLayout layout = Hotplug.Layout;
        _mainRegions =
        [
            new RamRegion(0, block, ulong.Min(VideoStart, layout.LowBytes)),
            .. layout.LowBytes > upper ? [new RamRegion(upper, block, layout.LowBytes - upper, offset: upper)] : Array.Empty<RamRegion>(),
            .. layout.HighBytes > 0
                ? [new RamRegion(MemoryLayout.HighMemoryBase, block, layout.HighBytes, offset: layout.LowBytes)]
                : Array.Empty<RamRegion>(),
        ];
        PhysicalMemoryMap map = _hardware.Memory.Map;
        foreach (RamRegion region in _mainRegions)
        {
            map = map.With(region);
        }

        _hardware.Memory.Replace(map);
        return block;
    }

    private void PlugInitialDevices(IProgress<ulong>? progress, CancellationToken cancellationToken)
    {
        ulong before = 0;
        if (Options.PreallocateMemory)
        {
            Hotplug.SetBackend(MemoryHotplugManager.MainBackendId, preallocate: true, progress: progress, cancellationToken: cancellationToken);
            before = Hotplug.Configuration.SizeBytes;
        }

        foreach (MemoryBackendOptions backend in Options.Backends.Select(Hotplug.WithDefaults))
        {
            Hotplug.AddBackend(backend, progress is null ? null : new ProgressBeyond(progress, before), cancellationToken);
            before += backend.PreallocatedBytes;
        }

        foreach (PcDimmOptions dimm in Options.Dimms)
        {
            Hotplug.AddDimm(dimm);
        }
    }

    private void ApplySimulatedPolicies()
    {
        if (SimulatedGuest is { } guest)
        {
            guest.PlugPolicy = Options.PlugPolicy;
            guest.UnplugPolicy = Options.UnplugPolicy;
        }
    }

    /// <summary>Puts everything into its state after power-on and loads what is booted. No processor is running.</summary>
    private void LoadBoot()
    {
        lock (_hardware.DeviceLock)
        {
            _hardware.Reset();
            if (_firmware is null)
            {
                PcFirmware.WriteMemory(_hardware.Memory, _acpi);
            }
            else
            {
                ApplyShadow();
            }

            if (_boot.Load(_bootTarget) is { } entry)
            {
                _hardware.Bootstrap.SetEntry(entry);
            }

            FlushTlbs();
        }
    }

    private void FlushTlbs()
    {
        foreach (VirtualProcessor processor in _hardware.Processors)
        {
            processor.FlushTlb();
        }
    }

    /// <summary>Reports the part of a sum that follows what is there already.</summary>
    private sealed class ProgressBeyond(IProgress<ulong> sum, ulong before) : IProgress<ulong>
    {
        public void Report(ulong value) => sum.Report(before + value);
    }

    private void ReleaseHardware()
    {
        _hardware.Dispose();
        foreach (RamRegion region in _mainRegions)
        {
            region.Dispose();
        }

        _firmware?.Dispose();
        Hotplug?.Dispose();
    }
}
