using System;
using System.IO;
using System.Runtime.InteropServices;

namespace EmuPS.Core.Memory;

/// <summary>How much of a block the host had to give pages for, because somebody touched it.</summary>
public static unsafe class TouchedPages
{
    private const int PageShift = 12;
    private const int EntrySize = sizeof(ulong);

    // In a page's entry of /proc/PID/pagemap (Linux, Documentation/admin-guide/mm/pagemap.rst): present, or swapped out.
    private const ulong HasPage = 1UL << 63 | 1UL << 62;

    /// <summary>The longest block that is counted: 64 GiB are 128 MiB of entries, some tens of milliseconds.</summary>
    public const ulong MostBytes = 64UL << 30;

    /// <summary>Counts a block's bytes that have pages.</summary>
    /// <param name="block">The block.</param>
    /// <returns>The bytes, or null where the host does not tell or the block is longer than <see cref="MostBytes"/>.</returns>
    public static ulong? Count(IHostMemoryBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (!OperatingSystem.IsLinux() || block.Size > MostBytes || Environment.SystemPageSize != 1 << PageShift)
            return null;
        try
        {
            using FileStream map = new("/proc/self/pagemap", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            map.Position = (long)((ulong)block.Pointer >> PageShift) * EntrySize;
            ulong[] entries = new ulong[8192];
            ulong touched = 0;
            for (ulong left = block.Size >> PageShift; left > 0;)
            {
                Span<ulong> some = entries.AsSpan(0, (int)Math.Min((ulong)entries.Length, left));
                map.ReadExactly(MemoryMarshal.AsBytes(some));
                foreach (ulong entry in some)
                    touched += (entry & HasPage) == 0 ? 0UL : 1 << PageShift;
                left -= (ulong)some.Length;
            }

            return touched;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A container may hide it.
            return null;
        }
    }
}
