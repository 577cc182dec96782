using System;
using System.Collections.Generic;
using System.IO;
using System.Numerics;
using System.Threading;
using EmuPS.Core.Addresses;
using EmuPS.Core.Memory;
using EmuPS.Core.Native;

namespace EmuPS.Machine.MemoryBackends;

/// <summary>Checks the properties of a backend and makes it, with QEMU's checks, order and words.</summary>
internal static class MemoryBackendFactory
{
    private const ushort MaximumHostNodes = 128;
    private const ulong RamRegionAlignment = 2 * ByteSize.MiB;

    /// <summary>Checks what can be checked without the host: QEMU does so while it sets the properties, before it looks for the id.</summary>
    /// <param name="options">The properties.</param>
    internal static void CheckProperties(MemoryBackendOptions options)
    {
        string type = options.TypeName;
        switch (options.SizeBytes)
        {
            case null:
                throw Error(ErrorIds.MissingParameter, EngineErrorCategory.InvalidArgument, "Parameter 'size' is missing", null);
            case 0:
                throw Error(ErrorIds.BackendSizeInvalid, EngineErrorCategory.InvalidArgument, $"property 'size' of {type} doesn't take value '0'", 0UL);
        }

        CheckKind(options);
        if (options.Kind == MemoryBackendKind.File && options.Path is null)
        {
            throw Error(ErrorIds.MissingParameter, EngineErrorCategory.InvalidArgument, "Parameter 'mem-path' is missing", null);
        }

        if (options.PreallocateThreads == 0)
        {
            throw Error(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"property 'prealloc-threads' of {type} doesn't take value '0'", 0u);
        }

        CheckHostNodes(options.HostNodes);

        if (options.HugePageSize != 0 && !BitOperations.IsPow2(options.HugePageSize))
        {
            throw Error(ErrorIds.BackendAlignmentInvalid, EngineErrorCategory.InvalidArgument, "Hugepage size must be a power of 2", options.HugePageSize);
        }
    }

    /// <summary>Refuses numbers that no node of a host can have.</summary>
    /// <param name="nodes">The numbers.</param>
    internal static void CheckHostNodes(IReadOnlyList<ushort> nodes)
    {
        foreach (ushort node in nodes)
        {
            if (node >= MaximumHostNodes)
            {
                throw Error(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Invalid host-nodes value: {node}", node);
            }
        }
    }

    // A monitor refuses such a name when it reads it; whoever fills the record in must not have it ignored.
    private static void CheckKind(MemoryBackendOptions options)
    {
        (string Name, bool IsSet, MemoryBackendKind Kind)[] own =
        [
            ("mem-path", options.Path is not null, MemoryBackendKind.File),
            ("align", options.Align != 0, MemoryBackendKind.File),
            ("offset", options.Offset != 0, MemoryBackendKind.File),
            ("discard-data", options.DiscardData, MemoryBackendKind.File),
            ("readonly", options.ReadOnly, MemoryBackendKind.File),
            ("rom", options.Rom is not null, MemoryBackendKind.File),
            ("hugetlb", options.HugeTlb, MemoryBackendKind.Memfd),
            ("hugetlbsize", options.HugePageSize != 0, MemoryBackendKind.Memfd),
            ("seal", !options.Seal, MemoryBackendKind.Memfd),
        ];
        foreach ((string name, bool isSet, MemoryBackendKind kind) in own)
        {
            if (!isSet || kind == options.Kind)
                continue;
            throw Error(
                ErrorIds.UnknownParameter, EngineErrorCategory.InvalidArgument, $"Property '{options.TypeName}.{name}' not found", name,
                kind == MemoryBackendKind.File ? "Only memory of a file has it: name the file." : "Only a nameless file of Linux has it: -Kind Memfd.");
        }
    }

    /// <summary>Makes a backend whose properties were checked.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="options">The properties.</param>
    /// <param name="defaultThreads">Number of population threads when the options name none.</param>
    /// <param name="isMain">True for the machine's initial memory.</param>
    /// <param name="lost">Raised when the host loses pages of a file; null when nobody needs to know.</param>
    /// <param name="progress">Hears how many bytes were populated, on any thread.</param>
    /// <param name="cancellationToken">Ends the population, and with it the making.</param>
    internal static MemoryBackend Create(
        string id,
        MemoryBackendOptions options,
        int defaultThreads,
        bool isMain,
        HostEvent? lost = null,
        IProgress<ulong>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options = options with
        {
            Id = id,
            Share = options.Share ?? options.Kind == MemoryBackendKind.Memfd,
            PreallocateThreads = options.PreallocateThreads ?? (uint)Math.Max(1, defaultThreads),
        };
        CheckCombinations(options);
        ulong alignment = RamRegionAlignment;
        MappedMemoryBlock block = options.Kind switch
        {
            MemoryBackendKind.File => MapFile(id, options, lost, out alignment),
            MemoryBackendKind.Memfd => MapMemfd(id, options, lost, out alignment),
            _ => Map(id, new HostMemoryRequest(options.SizeBytes!.Value)
            {
                Shared = options.Share!.Value,
                Reserve = options.Reserve,
                Alignment = options.SizeBytes.Value >= RamRegionAlignment ? RamRegionAlignment : ByteSize.Page,
            }),
        };
        try
        {
            Furnish(id, options, block, progress, cancellationToken);
        }
        catch
        {
            block.Dispose();
            if (block.CreatedPath is string created)
            {
                File.Delete(created);
            }

            throw;
        }

        return new MemoryBackend(id, options, block, alignment, isMain);
    }

    internal static EngineException PopulationFailed(string id, HostCallException e) =>
        Error(ErrorIds.HostMemoryExhausted, EngineErrorCategory.LimitsExceeded, $"qemu_prealloc_mem: preallocating memory failed: {e.ErrorText}", id, "Make the backend smaller, or do not preallocate it.", e);

    private static void CheckCombinations(MemoryBackendOptions options)
    {
        if (options.Preallocate && !options.Reserve)
        {
            throw Error(ErrorIds.BackendOptionsConflict, EngineErrorCategory.InvalidArgument, "'prealloc=on' and 'reserve=off' are incompatible", options.Id);
        }

        if (options.Rom == true && !options.ReadOnly)
        {
            throw Error(ErrorIds.BackendOptionsConflict, EngineErrorCategory.InvalidArgument, "property 'rom' = 'on' is not supported with 'readonly' = 'off'", options.Id);
        }

        if (options.Rom == false && options.ReadOnly && options.Share == true)
        {
            throw Error(ErrorIds.BackendOptionsConflict, EngineErrorCategory.InvalidArgument, "property 'rom' = 'off' is incompatible with 'readonly' = 'on' and 'share' = 'on'", options.Id);
        }

        string policy = options.HostPolicy.ToString().ToLowerInvariant();
        if (options.HostPolicy != HostMemoryPolicy.Default && options.HostNodes.Count == 0)
        {
            throw Error(ErrorIds.BackendOptionsConflict, EngineErrorCategory.InvalidArgument, $"host-nodes must be set for policy {policy}", options.Id);
        }

        if (options.HostPolicy == HostMemoryPolicy.Default && options.HostNodes.Count > 0)
        {
            throw Error(ErrorIds.BackendOptionsConflict, EngineErrorCategory.InvalidArgument, "host-nodes must be empty for policy default, or you should explicitly specify a policy other than default", options.Id);
        }
    }

    private static MappedMemoryBlock MapFile(string id, MemoryBackendOptions options, HostEvent? lost, out ulong regionAlignment)
    {
        string path = options.Path!;
        HostFile file;
        try
        {
            file = HostFile.Open(path, options.ReadOnly, $"qemu_back_mem.{id}.");
        }
        catch (HostCallException e)
        {
            throw Error(ErrorIds.BackendFileUnavailable, EngineErrorCategory.OpenError, $"can't open backing store {path} for guest RAM: {e.ErrorText}", path, "Name a file in an existing folder, or the folder itself for a nameless file.", e);
        }

        try
        {
            ulong size = ByteSize.AlignUp(options.SizeBytes!.Value, ByteSize.Page);
            CheckFile(id, options, file, size);
            regionAlignment = Math.Max(file.PageSize, options.Align);
            ulong mapped = ByteSize.AlignUp(size, file.PageSize);
            HostCallException? notExtended = null;
            if (file.Length == 0 && !options.ReadOnly)
            {
                try
                {
                    file.SetLength(options.Offset + mapped);
                }
                catch (HostCallException e)
                {
                    // What has no length may still be mappable, or the mapping says better what is wrong.
                    notExtended = e;
                }
            }

            MappedMemoryBlock block = new(new HostMemoryRequest(mapped)
            {
                File = file,
                Offset = options.Offset,
                Alignment = Math.Max(regionAlignment, ByteSize.Page),
                Shared = options.Share!.Value,
                ReadOnly = options.Rom ?? options.ReadOnly,
                Reserve = options.Reserve,
                DiscardData = options.DiscardData,
                Lost = lost,
            });
            if (notExtended is not null)
            {
                block.Dispose();
                throw notExtended;
            }

            return block;
        }
        catch (Exception e)
        {
            file.Dispose();
            if (file.CreatedPath is not null)
            {
                File.Delete(file.CreatedPath);
            }

            if (e is HostCallException host)
            {
                throw Error(ErrorIds.HostMemoryExhausted, EngineErrorCategory.LimitsExceeded, $"unable to map backing store for guest RAM: {host.ErrorText}", path, null, host);
            }

            throw;
        }
    }

    private static void CheckFile(string id, MemoryBackendOptions options, HostFile file, ulong size)
    {
        ulong page = file.PageSize;
        ulong length = file.Length;
        if (options.Offset % page != 0)
        {
            throw Error(ErrorIds.BackendAlignmentInvalid, EngineErrorCategory.InvalidArgument, $"offset 0x{options.Offset:x} must be multiples of page size 0x{page:x}", options.Offset);
        }

        if (length > 0 && (length < options.Offset || length - options.Offset < size))
        {
            string message = options.Offset == 0
                ? $"backing store size 0x{length:x} does not match 'size' option 0x{size:x}"
                : $"{id} backing store size 0x{length:x} is too small for 'size' option 0x{size:x} plus 'offset' option 0x{options.Offset:x}";
            throw Error(ErrorIds.BackendFileTooSmall, EngineErrorCategory.InvalidArgument, message, options.Path, "A file that is not empty is never extended: make it larger, or the backend smaller.");
        }

        if (options.Align % page != 0)
        {
            throw Error(ErrorIds.BackendAlignmentInvalid, EngineErrorCategory.InvalidArgument, $"alignment 0x{options.Align:x} must be multiples of page size 0x{page:x}", options.Align);
        }

        if (options.Align != 0 && !BitOperations.IsPow2(options.Align))
        {
            throw Error(ErrorIds.BackendAlignmentInvalid, EngineErrorCategory.InvalidArgument, $"alignment 0x{options.Align:x} must be a power of two", options.Align);
        }

        if (size < page)
        {
            throw Error(ErrorIds.BackendAlignmentInvalid, EngineErrorCategory.InvalidArgument, $"memory size 0x{size:x} must be equal to or larger than page size 0x{page:x}", size);
        }
    }

    private static MappedMemoryBlock MapMemfd(string id, MemoryBackendOptions options, HostEvent? lost, out ulong regionAlignment)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw Error(ErrorIds.NotSupportedOnHost, EngineErrorCategory.NotImplemented, $"Parameter 'qom-type' does not accept value '{options.TypeName}'", options.TypeName, "memfd is Linux's; use the kind Ram or File on this host.");
        }

        HostFile? file = null;
        ulong size = options.SizeBytes!.Value;
        uint flags = HostFile.MemfdFlags(options.HugeTlb, options.HugePageSize, options.Seal);
        try
        {
            file = HostFile.CreateMemfd("memory-backend-memfd", flags);
            try
            {
                file.SetLength(size);
            }
            catch (HostCallException e)
            {
                throw Error(ErrorIds.HostMemoryExhausted, EngineErrorCategory.LimitsExceeded, $"failed to resize memfd to {size}: {e.ErrorText}", id, null, e);
            }

            if (options.Seal)
            {
                file.Seal();
            }

            ulong needed = ByteSize.AlignUp(size, ByteSize.Page);
            if (size != needed)
            {
                throw Error(ErrorIds.BackendSizeInvalid, EngineErrorCategory.InvalidArgument, $"backing store size 0x{size:x} does not match 'size' option 0x{needed:x}", size, "A memfd's size is a multiple of 4 KiB.");
            }

            regionAlignment = file.PageSize;
            return new MappedMemoryBlock(new HostMemoryRequest(size)
            {
                File = file,
                Alignment = file.PageSize,
                Shared = options.Share!.Value,
                Reserve = options.Reserve,
                Lost = lost,
            });
        }
        catch (HostCallException e)
        {
            file?.Dispose();
            string message = file is null ? $"failed to create memfd with flags 0x{flags:x}: {e.ErrorText}" : $"unable to map backing store for guest RAM: {e.ErrorText}";
            throw Error(ErrorIds.HostMemoryExhausted, EngineErrorCategory.LimitsExceeded, message, id, options.HugeTlb ? "Huge pages must be set aside on the host first (/proc/sys/vm/nr_hugepages)." : null, e);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    private static MappedMemoryBlock Map(string id, HostMemoryRequest request)
    {
        try
        {
            return new MappedMemoryBlock(request);
        }
        catch (HostCallException e)
        {
            throw Error(ErrorIds.HostMemoryExhausted, EngineErrorCategory.LimitsExceeded, $"cannot set up guest memory '{id}': {e.ErrorText}", id, $"The host does not give {request.Size} bytes. Make it smaller, or give reserve=off (-Reserve:$false) to map it without the host's promise.", e);
        }
    }

    private static void Furnish(string id, MemoryBackendOptions options, MappedMemoryBlock block, IProgress<ulong>? progress, CancellationToken cancellationToken)
    {
        if (options.Merge)
        {
            block.SetMerge(true);
        }

        if (!options.Dump)
        {
            block.SetDump(false);
        }

        if (options.HostPolicy != HostMemoryPolicy.Default)
        {
            BindToNodes(id, options, block);
        }

        if (options.Preallocate && !block.ReadOnly)
        {
            try
            {
                block.Populate(options.PreallocateThreads!.Value, progress, cancellationToken);
            }
            catch (HostCallException e)
            {
                throw PopulationFailed(id, e);
            }
        }
    }

    private static void BindToNodes(string id, MemoryBackendOptions options, MappedMemoryBlock block)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw Error(ErrorIds.HostNumaUnavailable, EngineErrorCategory.NotImplemented, "NUMA node binding are not supported by this QEMU", id, "Leave host nodes and policy out on this host.");
        }

        try
        {
            block.Bind((int)options.HostPolicy, options.HostNodes);
        }
        catch (HostCallException e)
        {
            throw Error(ErrorIds.HostNumaUnavailable, EngineErrorCategory.InvalidOperation, $"cannot bind memory to host NUMA nodes: {e.ErrorText}", id, "The host's nodes are listed in /sys/devices/system/node/online; a container may forbid mbind.", e);
        }
    }

    private static EngineException Error(string id, EngineErrorCategory category, string message, object? target, string? remedy = null, Exception? inner = null) =>
        new(id, category, message, target, remedy, inner: inner);
}
