using System;
using System.Threading;
using EmuPS.Core.Memory;
using EmuPS.Core.Native;

namespace EmuPS.Machine.MemoryBackends;

/// <summary>A live backend: host memory, mapped from creation to disposal, that at most one DIMM shows to the guest.</summary>
internal sealed class MemoryBackend : IDisposable
{
    private readonly MappedMemoryBlock _block;
    private readonly Lock _populating = new();
    private CancellationTokenSource? _population;
    private bool _disposed;

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

    /// <summary>The path of the file if mapping made it, else null.</summary>
    internal string? MadeFile => _block.CreatedPath;

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

    internal void SetDiscardData(bool discard)
    {
        Options = Options with { DiscardData = discard };
        _block.DiscardData = discard;
    }

    internal void SetPreallocateThreads(uint threads) => Options = Options with { PreallocateThreads = threads };

    /// <summary>Turns population on, which happens now and may take long; it cannot be turned off. Called without locks; the guest goes on.</summary>
    /// <param name="progress">Hears how many bytes have memory by now, on any thread.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when the backend went away meanwhile.</returns>
    internal bool Populate(IProgress<ulong>? progress, CancellationToken cancellationToken)
    {
        lock (_populating)
        {
            if (Volatile.Read(ref _disposed))
                return false;
            if (Options.Preallocate == true)
                return true;
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Volatile.Write(ref _population, end);
            try
            {
                // Whoever disposes first says so and then looks for a population to end.
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref _disposed))
                    return false;
                _block.Populate(Options.PreallocateThreads!.Value, progress, end.Token);
            }
            catch (HostCallException e)
            {
                throw MemoryBackendFactory.PopulationFailed(Id, e);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
            finally
            {
                Volatile.Write(ref _population, null);
            }

            return true;
        }
    }

    /// <summary>Notes that every page has memory.</summary>
    internal void MarkPopulated() => Options = Options with { Preallocate = true };

    /// <summary>Gives the memory back, after ending a population that is under way.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        Interlocked.MemoryBarrier();
        try
        {
            Volatile.Read(ref _population)?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself.
        }

        lock (_populating)
            _block.Dispose();
    }
}
