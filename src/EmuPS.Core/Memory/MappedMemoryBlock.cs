using System;
using System.Collections.Generic;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Threading;
using EmuPS.Core.Addresses;
using EmuPS.Core.Native;

namespace EmuPS.Core.Memory;

/// <summary>Host memory with the properties that memory backends offer: of a file or anonymous, shared or private, populated, merged, bound to host nodes.</summary>
public sealed unsafe class MappedMemoryBlock : IHostMemoryBlock
{
    private const uint MaximumThreads = 16;
    private readonly HostMemoryRequest _request;
    private readonly MemoryMappedFile? _windowsFile;
    private readonly MemoryMappedViewAccessor? _windowsView;
    private readonly GuardedRange? _guard;
    private byte* _pointer;

    /// <summary>Maps the memory.</summary>
    /// <param name="request">What it should be.</param>
    /// <exception cref="HostCallException">The host refuses; the request's file is still open.</exception>
    public MappedMemoryBlock(HostMemoryRequest request)
    {
        _request = request;
        DiscardData = request.DiscardData;
        PageSize = request.File?.PageSize ?? (ulong)Environment.SystemPageSize;
        Size = ByteSize.AlignUp(request.Size, PageSize);
        const int NoMemory = 12;
        if (Size < request.Size || Size > long.MaxValue - request.Alignment)
        {
            throw new HostCallException("mmap", NoMemory);
        }

        if (OperatingSystem.IsLinux())
        {
            _pointer = HostMapping.Map(request.File, request.Offset, Size, request.Alignment, request.Shared, request.ReadOnly, request.Reserve);
            if (request is { File: not null, Lost: not null })
            {
                _guard = new GuardedRange(_pointer, Size, request.File, request.Offset, request.ReadOnly, request.Lost);
            }

            if (request.File is null)
            {
                HostMapping.PreferHugePages(_pointer, Size);
            }
        }
        else if (request.File is null)
        {
            try
            {
                _pointer = HostMemory.Allocate(Size);
            }
            catch (OutOfMemoryException)
            {
                throw new HostCallException("mmap", Marshal.GetLastPInvokeError());
            }
        }
        else
        {
            (_windowsFile, _windowsView) = MapPortable(request, Size);
            _windowsView.SafeMemoryMappedViewHandle.AcquirePointer(ref _pointer);
            _pointer += _windowsView.PointerOffset;
        }
    }

    /// <inheritdoc/>
    public byte* Pointer => _pointer;

    /// <inheritdoc/>
    public ulong Size { get; }

    /// <summary>The page size of the mapping in bytes.</summary>
    public ulong PageSize { get; }

    /// <summary>True when guests see it as ROM.</summary>
    public bool ReadOnly => _request.ReadOnly;

    /// <summary>Whether a shared file's contents are dropped with the block; may change until then.</summary>
    public bool DiscardData { get; set; }

    /// <summary>How many bytes the host lost since the block was mapped; they read as zeros now.</summary>
    public ulong LostBytes => _guard?.LostBytes ?? 0;

    /// <summary>Offset of the first of them in the block, or null.</summary>
    public ulong? FirstLostOffset => _guard?.FirstLostOffset;

    /// <summary>Whether the block's file is shorter now than what is mapped of it.</summary>
    public bool IsTruncated => _pointer is not null && _request.File is { } file && file.Length < _request.Offset + Size;

    /// <summary>The path of the block's file when mapping made that file, else null.</summary>
    public string? CreatedPath => _request.File?.CreatedPath;

    /// <summary>Gives every page real memory now.</summary>
    /// <param name="threads">Number of helper threads, at least 1; more than 16 count as 16.</param>
    /// <param name="progress">Hears how many bytes have memory by now, on any thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends it soon; what was filled stays filled.</param>
    /// <exception cref="HostCallException">The host has not enough memory.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public void Populate(uint threads, IProgress<ulong>? progress = null, CancellationToken cancellationToken = default)
    {
        ulong lost = LostBytes;
        HostMapping.Populate(_pointer, Size, PageSize, (int)Math.Min(threads, MaximumThreads), progress, cancellationToken);

        // Kernels before 5.14 have the pages touched one by one, and what is missing becomes zeros; newer ones say this themselves.
        const int BadAddress = 14;
        if (LostBytes > lost)
        {
            throw new HostCallException("madvise", BadAddress);
        }
    }

    /// <summary>Says whether the host may merge equal pages.</summary>
    /// <param name="merge">True to allow it.</param>
    public void SetMerge(bool merge) => HostMapping.SetMerge(_pointer, Size, merge);

    /// <summary>Says whether core dumps include the block.</summary>
    /// <param name="dump">True to include it.</param>
    public void SetDump(bool dump) => HostMapping.SetDump(_pointer, Size, dump);

    /// <summary>Binds the block to NUMA nodes of the host; Linux only.</summary>
    /// <param name="policy">0 default, 1 preferred, 2 bind, 3 interleave.</param>
    /// <param name="nodes">The nodes, each below 128.</param>
    /// <exception cref="HostCallException">The host has no such node, or forbids it.</exception>
    public void Bind(int policy, IReadOnlyList<ushort> nodes) => HostMapping.Bind(_pointer, Size, policy, [.. nodes]);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pointer is null)
        {
            return;
        }

        if (DiscardData && _request.Shared)
        {
            HostMapping.DiscardFileData(_pointer, Size);
        }

        if (_windowsView is not null)
        {
            _windowsView.SafeMemoryMappedViewHandle.ReleasePointer();
            _windowsView.Dispose();
            _windowsFile?.Dispose();
        }
        else if (OperatingSystem.IsLinux())
        {
            _guard?.Dispose();
            HostMapping.Unmap(_pointer, Size);
        }
        else
        {
            HostMemory.Free(_pointer, Size);
        }

        _pointer = null;
        _request.File?.Dispose();
    }

    private static (MemoryMappedFile File, MemoryMappedViewAccessor View) MapPortable(HostMemoryRequest request, ulong size)
    {
        MemoryMappedFileAccess access = request.ReadOnly
            ? MemoryMappedFileAccess.Read
            : request.Shared ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.CopyOnWrite;
        try
        {
            MemoryMappedFileAccess fileAccess = access == MemoryMappedFileAccess.CopyOnWrite ? MemoryMappedFileAccess.Read : access;
            MemoryMappedFile file = MemoryMappedFile.CreateFromFile(request.File!.Handle, null, 0, fileAccess, HandleInheritability.None, leaveOpen: true);
            return (file, file.CreateViewAccessor((long)request.Offset, (long)size, access));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new HostCallException("mmap", e.HResult & 0xFFFF);
        }
    }
}
