using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using EmuPS.Core.Memory;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryBackends;

namespace EmuPS.Machine.MemoryHotplug;

/// <content>Memory backends: object-add, object-del and what may change in between.</content>
public sealed partial class MemoryHotplugManager
{
    /// <summary>The id of the backend of the initial memory.</summary>
    public const string MainBackendId = "pc.ram";

    private readonly SortedList<string, MemoryBackend> _backends = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reservedIds = [];

    /// <summary>The backends by id, the initial memory's included.</summary>
    public IReadOnlyList<MemoryBackendInfo> Backends
    {
        get
        {
            lock (_host.DeviceLock)
                return [.. _backends.Values.Select(backend => backend.Describe())];
        }
    }

    /// <summary>Makes the backend of the initial memory, which the machine maps. It lives as long as the machine.</summary>
    /// <param name="options">Its properties, or null for plain memory of the configured size.</param>
    /// <returns>The host memory; the manager owns it.</returns>
    /// <exception cref="EngineException">The host does not give it.</exception>
    public IHostMemoryBlock CreateMainMemory(MemoryBackendOptions? options = null)
    {
        MemoryBackendOptions wanted = (options ?? new MemoryBackendOptions()) with { Id = MainBackendId, SizeBytes = Configuration.SizeBytes };
        return Create(wanted, isMain: true).Block;
    }

    /// <summary>Makes a backend: object-add. It does nothing to the guest.</summary>
    /// <param name="options">What it should be.</param>
    /// <param name="progress">Hears how many bytes were populated so far, on any thread.</param>
    /// <param name="cancellationToken">Ends a population; then nothing is made.</param>
    /// <returns>The backend.</returns>
    /// <exception cref="EngineException">One of QEMU's checks failed or the host refuses; nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public MemoryBackendInfo AddBackend(MemoryBackendOptions options, IProgress<ulong>? progress = null, CancellationToken cancellationToken = default) =>
        Create(options, isMain: false, progress, cancellationToken).Describe();

    /// <summary>Deletes a backend and its memory: object-del.</summary>
    /// <param name="id">The id, or the path below /objects.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.BackendNotFound"/> or <see cref="ErrorIds.BackendInUse"/>.</exception>
    public void RemoveBackend(string id)
    {
        MemoryBackend backend;
        lock (_host.DeviceLock)
        {
            backend = FindBackend(id);
            if (backend.IsInUse)
            {
                throw new EngineException(
                    ErrorIds.BackendInUse,
                    EngineErrorCategory.ResourceBusy,
                    $"object '{id}' is in use, can not be deleted",
                    id,
                    backend.IsMain ? "It is the machine's initial memory." : $"Remove the DIMM {backend.UsedBy} first; the guest must let it go.");
            }

            _backends.Remove(backend.Id);
        }

        backend.Dispose();
        _log.Hotplug.BackendDeleted(backend.Id);
    }

    /// <summary>The files that did not exist before their backends were made.</summary>
    internal IReadOnlyList<string> MadeFiles
    {
        get
        {
            lock (_host.DeviceLock)
                return [.. _backends.Values.Select(backend => backend.MadeFile).OfType<string>()];
        }
    }

    /// <summary>Finds a backend.</summary>
    /// <param name="id">The id.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.BackendNotFound"/>.</exception>
    public MemoryBackendInfo GetBackend(string id)
    {
        lock (_host.DeviceLock)
            return FindBackend(id).Describe();
    }

    /// <summary>Changes what may change after creation; null leaves as is. The guest goes on while memory is populated.</summary>
    /// <param name="id">The backend.</param>
    /// <param name="merge">Whether the host may merge equal pages.</param>
    /// <param name="dump">Whether core dumps include it.</param>
    /// <param name="preallocate">True to populate it now; false has no effect.</param>
    /// <param name="preallocateThreads">Number of threads for that, at least 1.</param>
    /// <param name="progress">Hears how many bytes were populated so far, on any thread.</param>
    /// <param name="discardData">Whether a shared file's contents go with the backend.</param>
    /// <param name="cancellationToken">Ends the population; pages that got memory keep it.</param>
    /// <exception cref="EngineException">There is no such backend (any more), the number is 0, or the host has not enough memory.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public void SetBackend(
        string id,
        bool? merge = null,
        bool? dump = null,
        bool? preallocate = null,
        uint? preallocateThreads = null,
        IProgress<ulong>? progress = null,
        bool? discardData = null,
        CancellationToken cancellationToken = default)
    {
        MemoryBackend backend;
        lock (_host.DeviceLock)
        {
            backend = FindBackend(id);
            if (preallocateThreads == 0)
                throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"property 'prealloc-threads' of {backend.Options.TypeName} doesn't take value '0'", 0u);
            if (preallocateThreads is uint threads)
                backend.SetPreallocateThreads(threads);
            if (merge is bool mergeable)
                backend.SetMerge(mergeable);
            if (dump is bool dumped)
                backend.SetDump(dumped);
            if (discardData is bool discarded)
                backend.SetDiscardData(discarded);
        }

        if (preallocate != true)
            return;
        if (!backend.Populate(progress, cancellationToken))
            throw BackendNotFound(id);
        lock (_host.DeviceLock)
            backend.MarkPopulated();
    }

    /// <summary>Refuses a name that is no backend's, as device_add does before it looks at what comes after.</summary>
    /// <param name="name">The id, path, or end of a path.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.BackendNotFound"/>, or <see cref="ErrorIds.InvalidParameter"/> for something else's.</exception>
    internal void CheckBackendOfDevice(string name)
    {
        lock (_host.DeviceLock)
            _ = string.IsNullOrEmpty(name) ? null : FindBackendOfDevice(name);
    }

    private MemoryBackend Create(MemoryBackendOptions options, bool isMain, IProgress<ulong>? progress = null, CancellationToken cancellationToken = default)
    {
        if (options.Id is not null)
            Identifier.Check(options.Id);
        MemoryBackendFactory.CheckProperties(options);
        string id = ReserveBackendId(options.Id);
        MemoryBackend? backend = null;
        try
        {
            backend = MemoryBackendFactory.Create(id, options, _processorCount, isMain, LossEvent(options.Kind), progress, cancellationToken);
            lock (_host.DeviceLock)
            {
                if (_disposed)
                    throw new EngineException(ErrorIds.MachineEnded, EngineErrorCategory.InvalidOperation, "The machine has ended.", id, "Start it again.");
                _backends.Add(id, backend);
            }

            _log.Hotplug.BackendMade(id, options.TypeName, backend.Size);
            // What was lost before the backend had its place was reported to nobody.
            if (backend.LostBytes > 0)
                ReportLosses();
            return backend;
        }
        catch
        {
            backend?.Dispose();
            throw;
        }
        finally
        {
            lock (_host.DeviceLock)
                _reservedIds.Remove(id);
        }
    }

    /// <summary>Takes an id before the memory is mapped, which may take long and happens without a lock.</summary>
    private string ReserveBackendId(string? wanted)
    {
        lock (_host.DeviceLock)
        {
            if (wanted is null)
            {
                for (int n = 0; wanted is null; n++)
                {
                    if (!IsBackendIdTaken($"mem{n}"))
                        wanted = $"mem{n}";
                }
            }
            else if (IsBackendIdTaken(wanted))
            {
                string message = _host.HasStarted ? $"attempt to add duplicate property '{wanted}' to object (type 'container')" : $"Duplicate ID '{wanted}' for object";
                throw new EngineException(ErrorIds.BackendExists, EngineErrorCategory.ResourceExists, message, wanted, "Choose another id, or remove the backend first.");
            }

            _reservedIds.Add(wanted);
            return wanted;
        }
    }

    private bool IsBackendIdTaken(string id) => _backends.ContainsKey(id) || _reservedIds.Contains(id);

    private MemoryBackend FindBackend(string id) => _backends.TryGetValue(id, out MemoryBackend? backend)
        ? backend
        : throw BackendNotFound(id);

    private static EngineException BackendNotFound(string id) => new(ErrorIds.BackendNotFound, EngineErrorCategory.ObjectNotFound, $"object '{id}' not found", id);

    /// <summary>Finds the backend that a device names, by id, path, or the end of a path.</summary>
    private MemoryBackend FindBackendOfDevice(string name)
    {
        string[] parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string? id = parts switch
        {
            [var last] when !name.StartsWith('/') => last,
            ["objects", var last] => last,
            _ => null,
        };
        if (id is not null && _backends.TryGetValue(id, out MemoryBackend? backend))
            return backend;
        throw IsOtherObject(parts, name.StartsWith('/'))
            ? QemuOptions.PropertyError.WrongType("memdev", "memory-backend")
            : DeviceNotFound(name, ErrorIds.BackendNotFound);
    }

    /// <summary>Whether a path, or the end of one, is that of something that is no backend.</summary>
    private bool IsOtherObject(string[] parts, bool isWhole)
    {
        string path = '/' + string.Join('/', parts);
        return OtherObjects().Any(other => isWhole ? other == path : other.EndsWith(path, StringComparison.Ordinal));
    }

    private IEnumerable<string> OtherObjects() => _table.Dimms.Select(dimm => dimm.Path).Concat(s_containers).Concat(OtherDevicePath is null ? [] : [OtherDevicePath]);
}
