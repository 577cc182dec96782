using System;
using System.Threading;
using EmuPS.Core.Addresses;
using EmuPS.Core.Native;

namespace EmuPS.Core.Memory;

/// <summary>A range of guest physical addresses backed by host memory, with a byte of flags for each 4 KiB page.</summary>
/// <remarks>The flag bytes are mapped lazily: a region that holds no code and is not tracked costs nothing for them.</remarks>
public sealed unsafe class RamRegion : IDisposable
{
    /// <summary>Page flag: decoded or translated code was made from this page, so a store to it must take the slow path.</summary>
    public const byte PageHasCode = 1;

    /// <summary>Page flag: the page was written since the flag was last cleared.</summary>
    public const byte PageDirty = 2;

    /// <summary>Page flag: one entry for writes was made in a first-level TLB, at the place that the processor remembers.</summary>
    public const byte PageHasWriter = 4;

    /// <summary>Page flag: any number of entries for writes may have been made in first-level TLBs.</summary>
    public const byte PageHasWriters = 8;

    /// <summary>Makes a region.</summary>
    /// <param name="start">First guest physical address, page-aligned.</param>
    /// <param name="host">Host address of the first byte.</param>
    /// <param name="size">Size in bytes, a multiple of 4 KiB.</param>
    /// <param name="readOnly">True when guest writes are ignored (ROM).</param>
    public RamRegion(ulong start, byte* host, ulong size, bool readOnly = false)
    {
        Range = new AddressRange(start, size);
        Host = host;
        ReadOnly = readOnly;
        PageFlags = HostMemory.Allocate(size >> 12);
    }

    /// <summary>Makes a region of the first bytes of a block.</summary>
    /// <param name="start">First guest physical address, page-aligned.</param>
    /// <param name="block">The host memory.</param>
    /// <param name="size">Size in bytes, a multiple of 4 KiB, at most the block's.</param>
    /// <param name="readOnly">True when guest writes are ignored (ROM).</param>
    /// <param name="offset">Where in the block the region begins, page-aligned.</param>
    public RamRegion(ulong start, IHostMemoryBlock block, ulong size, bool readOnly = false, ulong offset = 0)
        : this(start, block.Pointer + offset, size, readOnly)
    {
    }

    /// <summary>Where the guest sees the region.</summary>
    public AddressRange Range { get; }

    /// <summary>Host address of the first byte.</summary>
    public byte* Host { get; }

    /// <summary>True when guest writes are ignored.</summary>
    public bool ReadOnly { get; }

    /// <summary>What the region is called in listings, when it is no part of a memory backend; null otherwise.</summary>
    public string? Name { get; init; }

    /// <summary>One byte of flags for each page of the region.</summary>
    public byte* PageFlags { get; private set; }

    /// <summary>Host address of a guest physical address inside the region.</summary>
    /// <param name="address">An address that <see cref="Range"/> contains.</param>
    public byte* HostAddress(ulong address) => Host + (address - Range.Start);

    /// <summary>The flag byte of the page that holds a guest physical address inside the region.</summary>
    /// <param name="address">An address that <see cref="Range"/> contains.</param>
    public byte* FlagsOf(ulong address) => PageFlags + ((address - Range.Start) >> 12);

    /// <summary>Changes a page flag without losing another one that another thread changes at the same time.</summary>
    /// <param name="flags">The flag byte.</param>
    /// <param name="flag">One of the page flags.</param>
    /// <param name="set">True to set it, false to clear it.</param>
    public static void ChangeFlag(byte* flags, byte flag, bool set)
    {
        while (true)
        {
            byte before = Volatile.Read(ref *flags);
            byte after = (byte)(set ? before | flag : before & ~flag);
            if (before == after || Interlocked.CompareExchange(ref *flags, after, before) == before)
            {
                return;
            }
        }
    }

    /// <summary>Releases the flag bytes; the host memory belongs to its backend.</summary>
    public void Dispose()
    {
        HostMemory.Free(PageFlags, Range.Size >> 12);
        PageFlags = null;
    }
}
