using System;
using EmuPS.Core.Memory;
using EmuPS.Core.Native;

namespace EmuPS.Machine.MemoryBackends;

/// <summary>A live backend: host memory, mapped from creation to disposal, that at most one DIMM shows to the guest.</summary>
internal sealed class MemoryBackend : IDisposable
{
    private readonly MappedMemoryBlock _block;

    internal MemoryBackend(string id, MemoryBackendOptions options, MappedMemoryBlock block, ulong regionAlignment, bool isMain)
    {
        Id = id;
        Options = options;
        _block = block;
        RegionAlignment = regionAlignment;
        IsMain = isMain;
    }

    internal string Id { get; }

    /// <summary>The properties, defaults filled in.</summary>
    internal MemoryBackendOptions Options { get; private set; }

    internal IHostMemoryBlock Block => _block;

    /// <summary>Size in bytes as asked for; the block is rounded up to whole pages.</summary>
    internal ulong Size => Options.SizeBytes!.Value;

    internal ulong RegionAlignment { get; }

    internal bool IsMain { get; }

    internal bool IsRom => _block.ReadOnly;

    /// <summary>The user of the memory, or null.</summary>
    internal string? UsedBy { get; set; }

    internal bool IsInUse => IsMain || UsedBy is not null;

    internal MemoryBackendInfo Describe() => new(Id, Options, IsMain, UsedBy, RegionAlignment);

    /// <summary>Changes one of the properties that may change after creation.</summary>
    internal void SetMerge(bool merge)
    {
        Options = Options with { Merge = merge };
        _block.SetMerge(merge);
    }

    internal void SetDump(bool dump)
    {
        Options = Options with { Dump = dump };
        _block.SetDump(dump);
    }

    internal void SetPreallocateThreads(uint threads) => Options = Options with { PreallocateThreads = threads };

    /// <summary>Turns population on, which happens now; it cannot be turned off.</summary>
    internal void Preallocate()
    {
        if (Options.Preallocate)
            return;
        try
        {
            _block.Populate(Options.PreallocateThreads!.Value);
        }
        catch (HostCallException e)
        {
            throw MemoryBackendFactory.PopulationFailed(Id, e);
        }

        Options = Options with { Preallocate = true };
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();
}
