using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace EmuPS.Core.Native;

/// <summary>Mappings with properties: shared or private, of files or anonymous, aligned, populated, bound to host NUMA nodes.</summary>
public static unsafe class HostMapping
{
    private const int ProtNone = 0;
    private const int ProtRead = 1;
    private const int ProtWrite = 2;
    private const int MapShared = 0x01;
    private const int MapPrivate = 0x02;
    private const int MapFixed = 0x10;
    private const int MapAnonymous = 0x20;
    private const int MapNoReserve = 0x4000;
    private const int AdviceRemove = 9;
    private const int AdviceMergeable = 12;
    private const int AdviceHugePage = 14;
    private const int AdviceUnmergeable = 13;
    private const int AdviceDontDump = 16;
    private const int AdviceDoDump = 17;
    private const int AdvicePopulateWrite = 23;
    private const int InvalidArgument = 22;
    private const long MbindNumber = 237;
    private const uint MbindMove = 1 << 1;
    private const uint MbindStrict = 1 << 0;
    private const ulong PopulatePiece = 64 << 20;

    /// <summary>Maps memory on Linux.</summary>
    /// <param name="file">The file, or null for anonymous memory.</param>
    /// <param name="offset">Where in the file, page-aligned.</param>
    /// <param name="size">Size in bytes, a multiple of the page size.</param>
    /// <param name="alignment">Alignment of the address, a power of two; a page or less needs no care.</param>
    /// <param name="shared">True when writes reach the file and other mappings of it.</param>
    /// <param name="readOnly">True to forbid writes.</param>
    /// <param name="reserve">True to let the host refuse what it could not fill; false to map without any promise.</param>
    /// <exception cref="HostCallException">The host refuses.</exception>
    public static byte* Map(HostFile? file, ulong offset, ulong size, ulong alignment, bool shared, bool readOnly, bool reserve)
    {
        int protection = readOnly ? ProtRead : ProtRead | ProtWrite;
        int flags = (shared ? MapShared : MapPrivate) | (file is null ? MapAnonymous : 0) | (reserve ? 0 : MapNoReserve);
        int descriptor = file?.Descriptor ?? -1;
        if (alignment <= (ulong)Environment.SystemPageSize)
        {
            return Check(mmap(null, (nuint)size, protection, flags, descriptor, (long)offset));
        }

        // Reserve more addresses than needed, map inside them, give the rest back.
        ulong total = checked(size + alignment);
        byte* reserved = Check(mmap(null, (nuint)total, ProtNone, MapPrivate | MapAnonymous | MapNoReserve, -1, 0));
        byte* start = (byte*)(((ulong)reserved + (alignment - 1)) & ~(alignment - 1));
        void* mapped = mmap(start, (nuint)size, protection, flags | MapFixed, descriptor, (long)offset);
        if ((nint)mapped == -1)
        {
            int error = Marshal.GetLastPInvokeError();
            munmap(reserved, (nuint)total);
            throw new HostCallException("mmap", error);
        }

        if (start > reserved)
        {
            munmap(reserved, (nuint)(start - reserved));
        }

        byte* end = start + size;
        if (end < reserved + total)
        {
            munmap(end, (nuint)(reserved + total - end));
        }

        return start;
    }

    /// <summary>Gives a mapping back.</summary>
    /// <param name="address">What <see cref="Map"/> returned.</param>
    /// <param name="size">The same size.</param>
    public static void Unmap(byte* address, ulong size) => munmap(address, (nuint)size);

    /// <summary>Gives every page real memory now, with what it holds unchanged, also while others use it.</summary>
    /// <param name="address">Page-aligned address.</param>
    /// <param name="size">Size in bytes.</param>
    /// <param name="pageSize">Size of the mapping's pages in bytes.</param>
    /// <param name="threads">Number of helper threads, at least 1.</param>
    /// <param name="progress">Hears how many bytes have memory by now, on any thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends it between pieces; what was filled stays filled.</param>
    /// <exception cref="HostCallException">The host has not enough memory.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static void Populate(byte* address, ulong size, ulong pageSize, int threads, IProgress<ulong>? progress = null, CancellationToken cancellationToken = default)
    {
        ulong pages = (size + pageSize - 1) / pageSize;
        ulong share = (pages + (ulong)threads - 1) / (ulong)threads;
        ulong piece = Math.Max(PopulatePiece / pageSize, 1) * pageSize;
        ulong done = 0;
        int failure = 0;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            ulong first = Math.Min((ulong)thread * share, pages) * pageSize;
            ulong last = Math.Min(((ulong)thread + 1) * share * pageSize, size);
            for (ulong at = first; at < last && Volatile.Read(ref failure) == 0 && !cancellationToken.IsCancellationRequested; at += piece)
            {
                ulong length = Math.Min(piece, last - at);
                int error = PopulateShare(address + at, length, pageSize);
                if (error != 0)
                {
                    Volatile.Write(ref failure, error);
                    return;
                }

                ulong filled = Interlocked.Add(ref done, length);
                progress?.Report(filled);
            }
        });
        if (failure != 0)
        {
            throw new HostCallException("madvise", failure);
        }

        if (done < size)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Asks for large pages where they can be had, as QEMU does for its RAM: far fewer page faults while a guest boots.</summary>
    /// <param name="address">Page-aligned address.</param>
    /// <param name="size">Size in bytes.</param>
    public static void PreferHugePages(byte* address, ulong size) => Advise(address, size, AdviceHugePage);

    /// <summary>Asks for huge pages for all of a mapping but its begin, so that whoever uses little of it takes little.</summary>
    /// <param name="address">Page-aligned address.</param>
    /// <param name="size">Size in bytes.</param>
    /// <param name="begin">Bytes at the begin that keep small pages; a multiple of the page size.</param>
    public static void PreferHugePagesBehind(byte* address, ulong size, ulong begin)
    {
        if (size > begin)
        {
            PreferHugePages(address + begin, size - begin);
        }
    }

    /// <summary>Says whether the kernel may merge equal pages of a mapping.</summary>
    /// <param name="address">Page-aligned address.</param>
    /// <param name="size">Size in bytes.</param>
    /// <param name="merge">True to allow it.</param>
    public static void SetMerge(byte* address, ulong size, bool merge) => Advise(address, size, merge ? AdviceMergeable : AdviceUnmergeable);

    /// <summary>Says whether a mapping becomes part of core dumps.</summary>
    /// <param name="address">Page-aligned address.</param>
    /// <param name="size">Size in bytes.</param>
    /// <param name="dump">True to include it.</param>
    public static void SetDump(byte* address, ulong size, bool dump) => Advise(address, size, dump ? AdviceDoDump : AdviceDontDump);

    /// <summary>Frees what a shared mapping's file holds in its range.</summary>
    /// <param name="address">Page-aligned address.</param>
    /// <param name="size">Size in bytes.</param>
    public static void DiscardFileData(byte* address, ulong size) => Advise(address, size, AdviceRemove);

    /// <summary>Binds a mapping to NUMA nodes of the host (mbind(2)).</summary>
    /// <param name="address">Page-aligned address.</param>
    /// <param name="size">Size in bytes.</param>
    /// <param name="policy">0 default, 1 preferred, 2 bind, 3 interleave.</param>
    /// <param name="nodes">The nodes, each below 128.</param>
    /// <exception cref="HostCallException">The host has no such node, or forbids it.</exception>
    public static void Bind(byte* address, ulong size, int policy, ReadOnlySpan<ushort> nodes)
    {
        ulong* mask = stackalloc ulong[2];
        mask[0] = mask[1] = 0;
        foreach (ushort node in nodes)
        {
            mask[node >> 6] |= 1UL << (node & 63);
        }

        if (syscall(MbindNumber, address, size, policy, mask, 129, MbindStrict | MbindMove) != 0)
        {
            throw new HostCallException("mbind", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Touches every page by adding nothing to it, atomically.</summary>
    private static int PopulateShare(byte* address, ulong size, ulong pageSize)
    {
        if (OperatingSystem.IsLinux())
        {
            if (madvise(address, (nuint)size, AdvicePopulateWrite) == 0)
            {
                return 0;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error != InvalidArgument)
            {
                return error;
            }
        }

        for (ulong at = 0; at < size; at += pageSize)
        {
            Interlocked.Or(ref *(int*)(address + at), 0);
        }

        return 0;
    }

    private static void Advise(byte* address, ulong size, int advice)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = madvise(address, (nuint)size, advice);
        }
    }

    private static byte* Check(void* address) => (nint)address == -1
        ? throw new HostCallException("mmap", Marshal.GetLastPInvokeError())
        : (byte*)address;

    [DllImport("libc", SetLastError = true)]
    private static extern void* mmap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int munmap(void* address, nuint length);

    [DllImport("libc", SetLastError = true)]
    private static extern int madvise(void* address, nuint length, int advice);

    [DllImport("libc", SetLastError = true)]
    private static extern long syscall(long number, void* address, ulong length, long mode, ulong* mask, ulong maximumNode, uint flags);
}
