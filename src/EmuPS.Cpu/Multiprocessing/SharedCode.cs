using System;
using System.Collections.Generic;
using System.Threading;
using EmuPS.Core.Memory;
using EmuPS.Cpu.CodeCache;
using EmuPS.Cpu.Paging;

namespace EmuPS.Cpu.Multiprocessing;

/// <summary>Which physical pages hold code of which processor of a machine. Each processor has blocks of its own; this is how a store by one reaches the blocks of the others.</summary>
/// <remarks>
/// The rules: a page with the <see cref="RamRegion.PageHasCode"/> flag is in no write TLB of any processor, but for processors that have been asked to remove it and have not
/// executed anything since. Before a processor decodes bytes of a page it says so here and waits until no other has a store to that page under way. A store to such a page
/// marks the storing processor, tells all that have blocks on the written lines, and is only then carried out; whoever drops a block for it and decodes anew sees the mark
/// and waits for the store.
/// </remarks>
internal sealed unsafe class SharedCode(ProcessorGroup group)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, SharedPage> _pages = [];

    /// <summary>To be called at a block boundary before bytes of a page are decoded. When it returns, no store that another processor began before is still under way.</summary>
    /// <param name="processor">The caller.</param>
    /// <param name="page">Guest physical address of the page.</param>
    /// <param name="host">Host address of the page.</param>
    /// <param name="flags">The page's flag byte.</param>
    public void Claim(VirtualProcessor processor, ulong page, byte* host, byte* flags)
    {
        Span<long> tickets = stackalloc long[ProcessorGroup.MaximumCount];
        uint waiting = 0;
        SharedPage? shared;
        lock (_lock)
        {
            if (!_pages.TryGetValue(page, out shared))
            {
                shared = new SharedPage(group.Count);
                _pages.Add(page, shared);
                RamRegion.ChangeFlag(flags, RamRegion.PageHasCode, true);
            }

            shared.Lines[processor.Index] = ulong.MaxValue;

            // Whoever fills a write entry or marks a store does that first and looks at the flag then; here it is the other way round.
            Interlocked.MemoryBarrier();
            foreach (VirtualProcessor? other in group.Members)
            {
                if (other is null || other == processor)
                {
                    continue;
                }

                if ((other.IsWritingTo(host) || (!shared.IsForbidden && Tlb.HoldsWrite(other, host, flags))) && other.AskForBoundary(host, out tickets[other.Index]))
                {
                    waiting |= 1u << other.Index;
                }
            }

            shared.IsForbidden |= waiting == 0;
        }

        if (waiting != 0)
        {
            processor.WaitForBoundaries(waiting, tickets);
            lock (_lock)
            {
                shared.IsForbidden = true;
            }
        }
    }

    /// <summary>Says which lines of a page hold code of a processor now.</summary>
    /// <param name="processor">The caller.</param>
    /// <param name="page">Guest physical address of the page.</param>
    /// <param name="lines">Bit n for line n; 0 when the processor has no code left there.</param>
    public void Settle(VirtualProcessor processor, ulong page, ulong lines)
    {
        lock (_lock)
        {
            SettleLocked(processor, page, lines);
        }
    }

    /// <summary>A processor has dropped all its blocks.</summary>
    /// <param name="processor">The caller.</param>
    /// <param name="pages">Guest physical addresses of the pages that had some.</param>
    public void Release(VirtualProcessor processor, IEnumerable<ulong> pages)
    {
        lock (_lock)
        {
            foreach (ulong page in pages)
            {
                SettleLocked(processor, page, 0);
            }
        }
    }

    /// <summary>A processor that has marked its store is about to write: tells the others that have blocks there.</summary>
    /// <param name="processor">The caller.</param>
    /// <param name="physical">First byte.</param>
    /// <param name="size">Bytes, on one page.</param>
    /// <returns>True when no processor has code on the page any more.</returns>
    public bool Written(VirtualProcessor processor, ulong physical, int size)
    {
        ulong page = physical & ~0xFFFUL;
        lock (_lock)
        {
            if (!_pages.TryGetValue(page, out SharedPage? shared))
            {
                return true;
            }

            ulong mask = BlockCache.LineMask((int)(physical - page), size);
            foreach (VirtualProcessor? other in group.Members)
            {
                if (other is not null && other != processor && (shared.Lines[other.Index] & mask) != 0)
                {
                    other.CodeWritten(physical, size);
                }
            }

            return false;
        }
    }

    private void SettleLocked(VirtualProcessor processor, ulong page, ulong lines)
    {
        if (!_pages.TryGetValue(page, out SharedPage? shared))
        {
            return;
        }

        shared.Lines[processor.Index] = lines;
        if (lines == 0 && Array.TrueForAll(shared.Lines, static others => others == 0))
        {
            _pages.Remove(page);
            RamRegion? region = processor.Memory.Map.FindRam(page);
            if (region is not null)
            {
                RamRegion.ChangeFlag(region.FlagsOf(page), RamRegion.PageHasCode, false);
            }
        }
    }

    private sealed class SharedPage(int processors)
    {
        /// <summary>For each processor, the page's lines of 64 bytes that hold code of its own.</summary>
        public ulong[] Lines { get; } = new ulong[processors];

        /// <summary>Whether all processors are known to have taken the page out of their write TLBs.</summary>
        public bool IsForbidden { get; set; }
    }
}
