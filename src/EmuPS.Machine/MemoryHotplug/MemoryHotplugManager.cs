using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using EmuPS.Core.Memory;
using EmuPS.Devices.Acpi;
using EmuPS.Machine.Events;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryBackends;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>The one place that decides slots, addresses, states and errors of backends and DIMMs. Cmdlets, QMP and HMP are three doors to these methods.</summary>
/// <remarks>Public methods may be called from any thread that does not hold the device lock. Lock order: safe point, then device lock; the list of backends is kept under the device lock too, but host memory is mapped and given back outside it.</remarks>
public sealed partial class MemoryHotplugManager : IDisposable
{
    private const string Peripheral = "/machine/peripheral/";
    private const string Anonymous = "/machine/peripheral-anon/device[";
    private const int RememberedRemovals = 1024;
    private static readonly string[] s_containers = ["/", "/machine", "/machine/peripheral", "/machine/peripheral-anon", "/machine/unattached", "/objects"];

    private readonly IMachineHost _host;
    private readonly MachineEventLog _events;
    private readonly TimeProvider _time;
    private readonly MachineLog _log;
    private readonly DimmSlotTable _table;
    private readonly Dictionary<string, DimmInfo> _removedById = [];
    private readonly Queue<string> _removalOrder = new();
    private readonly int _processorCount;
    private long _nextInstance = 1;
    private int _nextAnonymous;
    private bool _disposed;

    /// <summary>Makes the manager of a machine that is being built.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="configuration">Its memory; validated.</param>
    /// <param name="events">Its events.</param>
    /// <param name="numaNodes">Its NUMA nodes; none counts as one that holds everything.</param>
    /// <param name="processorCount">Number of vCPUs, the default number of population threads.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="log">The machine's log.</param>
    public MemoryHotplugManager(
        IMachineHost host,
        MemoryConfiguration configuration,
        MachineEventLog events,
        IReadOnlyList<NumaNodeOptions>? numaNodes = null,
        int processorCount = 1,
        TimeProvider? time = null,
        MachineLog? log = null)
    {
        _host = host;
        Configuration = configuration;
        Layout = MemoryLayout.Of(configuration);
        _events = events;
        NumaNodes = numaNodes ?? [];
        _processorCount = processorCount;
        _time = time ?? TimeProvider.System;
        _log = log ?? new MachineLog();
        _table = new DimmSlotTable(configuration.SlotCount);
        if (configuration.SlotCount > 0)
            Registers = new MemoryHotplugRegisters(configuration.SlotCount, new GuestActions(this));
    }

    /// <summary>The memory that the machine was started with.</summary>
    public MemoryConfiguration Configuration { get; }

    /// <summary>Where memory lies.</summary>
    public MemoryLayout Layout { get; }

    /// <summary>The guest's NUMA nodes; empty when none were described.</summary>
    public IReadOnlyList<NumaNodeOptions> NumaNodes { get; }

    /// <summary>What the guest's operating system wants sizes and addresses to be multiples of, in bytes; 0 when it takes everything. Whoever asks for less is warned.</summary>
    public ulong GuestBlockBytes { get; init; }

    /// <summary>Whether backends that do not say get their memory when they are made: QEMU's <c>-mem-prealloc</c>.</summary>
    public bool Preallocates { get; init; }

    /// <summary>The path of a device beside the DIMMs that was given at the start, or null: its id is taken, and it cannot be unplugged.</summary>
    public string? OtherDevicePath
    {
        get;
        init
        {
            field = value;
            _nextAnonymous = value?.StartsWith(Anonymous, StringComparison.Ordinal) == true ? 1 : 0;
        }
    }

    /// <summary>The register block for port 0x0A00, or null when the machine has no slots.</summary>
    public MemoryHotplugRegisters? Registers { get; }

    /// <summary>The DIMMs by ascending address.</summary>
    public IReadOnlyList<DimmInfo> Dimms
    {
        get
        {
            lock (_host.DeviceLock)
                return [.. _table.ByAddress().Select(dimm => dimm.Describe())];
        }
    }

    /// <summary>The slots by number.</summary>
    public IReadOnlyList<DimmSlotInfo> Slots
    {
        get
        {
            lock (_host.DeviceLock)
                return [.. Enumerable.Range(0, _table.Count).Select(DescribeSlot)];
        }
    }

    /// <summary>The machine's memory in numbers.</summary>
    public MemorySizeSummary Summary
    {
        get
        {
            lock (_host.DeviceLock)
            {
                ulong plugged = _table.Dimms.Aggregate(0UL, (sum, dimm) => sum + dimm.Size);
                return new MemorySizeSummary(Configuration.SizeBytes, plugged, Configuration.EffectiveMaxSizeBytes, _table.Count, _table.Count - _table.Dimms.Count());
            }
        }
    }

    /// <summary>Plugs a DIMM: device_add pc-dimm. When it returns, the memory is in the guest's address space and the guest has been told.</summary>
    /// <param name="options">What it should be.</param>
    /// <returns>The DIMM.</returns>
    /// <exception cref="EngineException">One of QEMU's checks failed; nothing is left behind.</exception>
    public DimmInfo AddDimm(PcDimmOptions options)
    {
        DimmInfo? added = null;
        ExceptionDispatchInfo? failure = null;
        _host.AtSafePoint(() =>
        {
            lock (_host.DeviceLock)
            {
                try
                {
                    added = Plug(options);
                }
                catch (EngineException e)
                {
                    _log.Hotplug.NotPlugged(e.Message, e.ErrorId);
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            }
        });
        failure?.Throw();
        return added!;
    }

    /// <summary>Checks the id of a new device in QEMU's order, before its properties are looked at.</summary>
    /// <param name="id">The id, or null.</param>
    /// <exception cref="EngineException">It is no identifier, or taken.</exception>
    public void CheckDeviceId(string? id)
    {
        Identifier.Check(id);
        lock (_host.DeviceLock)
        {
            if (id is not null && (_table.Dimms.Any(dimm => dimm.Id == id) || OtherDevicePath == Peripheral + id))
                throw new EngineException(ErrorIds.DimmExists, EngineErrorCategory.ResourceExists, _host.HasStarted ? $"Duplicate device ID '{id}'" : $"Duplicate ID '{id}' for device", id, "Choose another id.");
        }
    }

    /// <summary>An id for a DIMM and, with something in front, for a backend of its own: both are free at this moment.</summary>
    /// <param name="backendPrefix">What the backend's id has in front.</param>
    public string ProposeDimmId(string backendPrefix)
    {
        lock (_host.DeviceLock)
            return FreeDimmId(id => !IsBackendIdTaken(backendPrefix + id));
    }

    /// <summary>Asks the guest to let go of a DIMM: device_del. Returns at once; a repeated request is sent again.</summary>
    /// <param name="idOrPath">The id, or the path of a device without one.</param>
    /// <param name="removeBackend">True to delete the backend as well when the guest has let go.</param>
    /// <returns>The DIMM.</returns>
    /// <exception cref="EngineException"><see cref="ErrorIds.DimmNotFound"/>.</exception>
    public DimmInfo RequestRemoval(string idOrPath, bool removeBackend = false)
    {
        lock (_host.DeviceLock)
        {
            PcDimm dimm = FindDimm(idOrPath);
            dimm.RemoveBackend |= removeBackend;
            _log.Hotplug.RemovalRequested(dimm.Id ?? dimm.Path, dimm.Slot);
            Registers!.RequestRemoval(dimm.Slot);
            dimm.IsRemovalUnheard = !_host.IsMemoryGpeEnabled;
            dimm.RemovalRequested();
            _host.RaiseMemoryGpe();
            return dimm.Describe();
        }
    }

    /// <summary>Finds a DIMM.</summary>
    /// <param name="idOrPath">The id, or the path of a device without one.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.DimmNotFound"/>.</exception>
    public DimmInfo GetDimm(string idOrPath)
    {
        lock (_host.DeviceLock)
            return FindDimm(idOrPath).Describe();
    }

    /// <summary>The machine was reset: DIMMs stay, requests that the guest had taken note of are forgotten. Call without the device lock or with it.</summary>
    public void OnMachineReset()
    {
        lock (_host.DeviceLock)
        {
            _guestBooted = false;
            foreach (PcDimm dimm in _table.Dimms)
                dimm.MachineReset();
        }
    }

    /// <summary>Gives all host memory back. The vCPUs have ended; whoever waits for a DIMM is told.</summary>
    public void Dispose()
    {
        List<MemoryBackend> backends;
        lock (_host.DeviceLock)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (PcDimm dimm in _table.Dimms)
            {
                dimm.Abandon();
                _host.Memory.Replace(_host.Memory.Map.Without(dimm.Region));
                dimm.Region.Dispose();
                _table.Clear(dimm.Slot);
            }

            backends = [.. _backends.Values];
            _backends.Clear();
            _lossWatcher?.Dispose();
        }

        foreach (MemoryBackend backend in backends)
            backend.Dispose();
    }

    private DimmInfo Plug(PcDimmOptions options)
    {
        string? id = options.Id ?? (options.GenerateId ? FreeDimmId(static _ => true) : null);
        CheckDeviceId(id);
        string path = id is null ? $"{Anonymous}{_nextAnonymous++}]" : Peripheral + id;
        MemoryBackend? backend = string.IsNullOrEmpty(options.BackendId) ? null : FindBackendOfDevice(options.BackendId);
        int slot = _table.Choose(options.Slot);
        if (backend is null)
            throw new EngineException(ErrorIds.BackendNotSet, EngineErrorCategory.InvalidArgument, "'memdev' property must be set", id);
        List<DimmAddressAllocator.Placed> placed = _table.ByAddress().ConvertAll(static dimm => new DimmAddressAllocator.Placed(dimm.Address, dimm.Size, dimm.Id));
        ulong address = DimmAddressAllocator.Allocate(Layout, Configuration.DeviceMemoryBytes, placed, backend.Size, backend.RegionAlignment, options.Address);
        int nodes = Math.Max(1, NumaNodes.Count);
        if (options.Node >= nodes)
            throw new EngineException(ErrorIds.NumaNodeNotFound, EngineErrorCategory.InvalidArgument, $"'DIMM property node has value {options.Node}' which exceeds the number of numa nodes: {nodes}", options.Node);
        if (backend.IsInUse)
            throw new EngineException(ErrorIds.BackendInUse, EngineErrorCategory.ResourceBusy, $"can't use already busy memdev: {backend.Id}", backend.Id, "A backend serves one DIMM; make another backend.");

        PcDimm dimm = new()
        {
            Instance = _nextInstance++,
            Id = id,
            Path = path,
            Slot = slot,
            Address = address,
            Node = options.Node,
            Hotplugged = _host.HasStarted,
            IsUnheard = !_host.IsMemoryGpeEnabled,
            Backend = backend,
            Region = new RamRegion(address, backend.Block, backend.Size, backend.IsRom),
            Registers = Registers!,
            Time = _time,
        };
        _host.Memory.Replace(_host.Memory.Map.With(dimm.Region));
        backend.UsedBy = id ?? path;
        _table.Put(dimm);
        Registers!.Plug(slot, address, dimm.Size, dimm.Node, announce: dimm.Hotplugged);
        if (dimm.Hotplugged && GuestBlockBytes != 0 && (dimm.Size % GuestBlockBytes != 0 || address % GuestBlockBytes != 0))
        {
            _log.Warn(
                $"DIMM '{id ?? path}' has {dimm.Size >> 20} MiB at 0x{address:x}. Linux takes memory in blocks of {GuestBlockBytes >> 20} MiB and will refuse it or a part of it.");
        }

        _log.Hotplug.Plugged(id ?? path, slot, address, dimm.Size, dimm.Node, backend.Id, dimm.Hotplugged);
        if (dimm.Hotplugged)
            _host.RaiseMemoryGpe();
        return dimm.Describe();
    }

    private string FreeDimmId(Func<string, bool> suits)
    {
        for (int n = 0; ; n++)
        {
            string id = $"dimm{n}";
            if (suits(id) && !_table.Dimms.Any(dimm => dimm.Id == id))
                return id;
        }
    }

    private DimmSlotInfo DescribeSlot(int slot)
    {
        MemoryHotplugSlot raw = Registers![slot];
        return new DimmSlotInfo(slot, _table[slot]?.Describe(), raw.InsertPending, raw.RemovePending, raw.OstSource, raw.OstStatus);
    }

    private PcDimm FindDimm(string idOrPath)
    {
        PcDimm? dimm = _table.Dimms.FirstOrDefault(dimm => idOrPath.StartsWith('/') ? dimm.Path == idOrPath : dimm.Id == idOrPath);
        if (dimm is not null)
            return dimm;
        if (OtherDevicePath is { } other && (other == idOrPath || other == Peripheral + idOrPath))
            throw new EngineException(ErrorIds.DimmNotFound, EngineErrorCategory.InvalidOperation, "Bus 'isa.0' does not support hotplugging", idOrPath, "DIMMs can be unplugged.");
        bool otherObject = idOrPath.Length == 0 || s_containers.Contains(idOrPath) || _backends.Values.Any(backend => idOrPath == "/objects/" + backend.Id);
        throw otherObject
            ? new EngineException(ErrorIds.DimmNotFound, EngineErrorCategory.InvalidOperation, $"{idOrPath} is not a hotpluggable device", idOrPath)
            : DeviceNotFound(idOrPath);
    }

    private static EngineException DeviceNotFound(string name, string errorId = ErrorIds.DimmNotFound) =>
        new(errorId, EngineErrorCategory.ObjectNotFound, $"Device '{name}' not found", name, qmpClass: "DeviceNotFound");
}
