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

    /// <summary>How many bytes the host lost and reads as zeros.</summary>
    internal ulong LostBytes => _block.LostBytes;

    /// <summary>True when the loss was made known.</summary>
    internal bool LossReported { get; set; }

    internal MemoryBackendInfo Describe() => new(Id, Options, IsMain, UsedBy, RegionAlignment) { LostBytes = LostBytes, FirstLostOffset = _block.FirstLostOffset };

    /// <summary>Why memory was lost, as far as the host shows it.</summary>
    internal string DescribeLoss() => _block.IsTruncated
        ? $"the backing store was truncated{OfPath()}"
        : $"the host has no page for the backing store{OfPath()}: its file system is full or failed";

    private string OfPath() => Options.Path is null ? string.Empty : $" ({Options.Path})";

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
