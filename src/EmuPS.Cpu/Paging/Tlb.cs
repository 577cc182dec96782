using System;
using System.Threading;
using EmuPS.Core.Memory;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Paging;

/// <summary>Invalidation of cached translations (SDM vol. 3, 5.10.4), at both levels, and of what was found through them.</summary>
internal static unsafe class Tlb
{
    // No canonical address lies there, so no access that passed the canonical check matches; a non-canonical one that would is caught because its index differs.
    private const ulong EmptyTag = 0x8000_0000_0000_1000;
    private const ulong Cr4Pcide = 1UL << 17;

    /// <summary>The present address space: CR3's PCID, or 0.</summary>
    /// <param name="s">The state.</param>
    public static int SpaceOf(CpuState* s) => (s->Cr4 & Cr4Pcide) != 0 ? (int)(s->Cr3 & 0xFFF) : 0;

    /// <summary>Everything, global entries and all PCIDs included: CR0.PG, CR4.PGE, PSE, PAE, SMEP, SMAP changes, INVPCID type 2, MTRR changes.</summary>
    /// <param name="s">The state.</param>
    public static void FlushAll(CpuState* s)
    {
        VirtualProcessor.Of(s).Translations.FlushAll(SpaceOf(s));
        EmptyFirstLevel(s, globalToo: true);
    }

    /// <summary>Everything but global entries, all PCIDs: INVPCID type 3.</summary>
    /// <param name="s">The state.</param>
    public static void FlushNonGlobal(CpuState* s)
    {
        VirtualProcessor.Of(s).Translations.FlushNonGlobal(SpaceOf(s));
        EmptyFirstLevel(s, globalToo: false);
    }

    /// <summary>The non-global entries of one PCID: INVPCID type 1, MOV to CR3 without the no-flush bit.</summary>
    /// <param name="s">The state.</param>
    /// <param name="pcid">0 to 4095; 0 when CR4.PCIDE is clear.</param>
    public static void FlushPcid(CpuState* s, int pcid)
    {
        VirtualProcessor.Of(s).Translations.FlushSpace(pcid, SpaceOf(s));
        EmptyFirstLevel(s, globalToo: false);
    }

    /// <summary>One page of the present address space, global or not: INVLPG, INVPCID type 0.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Any linear address of the page.</param>
    /// <param name="pcid">The PCID whose entry goes; global entries go too only when it is the present one.</param>
    public static void FlushPage(CpuState* s, ulong address, int pcid)
    {
        VirtualProcessor cpu = VirtualProcessor.Of(s);
        if (pcid != SpaceOf(s))
        {
            // Nothing of another space is in the first level; its entries at the second are not worth a search.
            cpu.Translations.FlushSpace(pcid, SpaceOf(s));
            return;
        }

        cpu.Serialise();
        if (!cpu.Translations.TryFlushPage(address))
        {
            FlushAll(s);
            return;
        }

        EmptyCells(s);
        for (int bank = 0; bank < CpuState.TlbBanks; bank++)
        {
            TlbEntry* entry = CpuState.Bank(s, bank) + ((address >> 12) & (CpuState.TlbEntries - 1));
            Empty(entry, (int)(address >> 12) & (CpuState.TlbEntries - 1));
            Empty(entry + CpuState.TlbEntries, (int)(address >> 12) & (CpuState.TlbEntries - 1));
        }

        cpu.Blocks.ForgetPage(address);
    }

    /// <summary>After CR3 got a new value: the present address space is another one. The first level keeps its global entries, the second level those of every PCID.</summary>
    /// <param name="s">The state.</param>
    public static void AddressSpaceChanged(CpuState* s)
    {
        VirtualProcessor.Of(s).Translations.SelectSpace(SpaceOf(s));
        EmptyFirstLevel(s, globalToo: false);
    }

    /// <summary>Puts a translation into the first level.</summary>
    /// <param name="s">The state.</param>
    /// <param name="page">The translation; RAM.</param>
    /// <param name="bank">The bank.</param>
    /// <param name="write">Whether it is for writes.</param>
    public static void Fill(CpuState* s, PageEntry* page, int bank, bool write)
    {
        TlbEntry* entry = CpuState.Bank(s, bank) + ((page->Linear >> 12) & (CpuState.TlbEntries - 1)) + (write ? CpuState.TlbEntries : 0);
        entry->Tag = page->Linear;
        entry->Delta = (ulong)page->Host - page->Linear;
        int offset = (int)((byte*)entry - (byte*)s);
        if (write)
        {
            VirtualProcessor.Of(s).Writers.Add(page, offset);
        }

        int log = (page->Rights & PageRights.Global) != 0 ? 1 : 0;
        if (s->FillCounts[log] < CpuState.FillLogEntries)
        {
            Log(s, log)[s->FillCounts[log]++] = offset;
        }
    }

    /// <summary>Takes a page out of all write entries, because code was made from it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="host">Host address of the page.</param>
    /// <param name="flags">The page's flag byte.</param>
    public static void ForbidWrites(CpuState* s, byte* host, byte* flags)
    {
        if ((*flags & (RamRegion.PageHasWriter | RamRegion.PageHasWriters)) == 0)
        {
            return;
        }

        if (VirtualProcessor.Of(s).Writers.TakeSole(host, flags) is { } sole)
        {
            EmptyCells(s);
            ForbidWrites(s, sole, host);
        }
        else
        {
            TakeOutWrites(s, host);
        }
    }

    /// <summary>Takes a page out of all write entries, because another processor made code from it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="host">Host address of the page.</param>
    public static void TakeOutWrites(CpuState* s, byte* host)
    {
        EmptyCells(s);
        if (!IsLogged(s, 0) || !IsLogged(s, 1))
        {
            Reset(s);
            return;
        }

        for (int log = 0; log < 2; log++)
        {
            for (int i = 0; i < s->FillCounts[log]; i++)
            {
                ForbidWrites(s, Log(s, log)[i], host);
            }
        }
    }

    /// <summary>Whether a page may be in a write entry of another processor, asked from any thread.</summary>
    /// <remarks>The asker has set the page's code flag before. A processor that fills an entry writes the entry, then the log, and looks at the flag then, so that an entry which is not found here is taken back by its maker.</remarks>
    /// <param name="processor">The other processor.</param>
    /// <param name="host">Host address of the page.</param>
    /// <param name="flags">The page's flag byte.</param>
    public static bool HoldsWrite(VirtualProcessor processor, byte* host, byte* flags)
    {
        if ((Volatile.Read(ref *flags) & (RamRegion.PageHasWriter | RamRegion.PageHasWriters)) == 0)
        {
            return false;
        }

        CpuState* s = processor.State;
        for (int log = 0; log < 2; log++)
        {
            int count = Volatile.Read(ref s->FillCounts[log]);
            if (count >= CpuState.FillLogEntries)
            {
                if (SearchWrites(s, host))
                {
                    return true;
                }

                break;
            }

            for (int i = 0; i < count; i++)
            {
                TlbEntry* entry = (TlbEntry*)((byte*)s + Volatile.Read(ref Log(s, log)[i]));
                if ((byte*)(entry->Tag + entry->Delta) == host)
                {
                    return true;
                }
            }
        }

        // Last, for a cell is filled from an entry and may outlive it.
        for (int bank = 0; bank < CpuState.TlbBanks; bank++)
        {
            TlbEntry* cells = (TlbEntry*)((byte*)s + CpuState.CellOffset(bank, write: true, 0));
            for (int i = 0; i < CpuState.Cells; i++)
            {
                if ((byte*)(cells[i].Tag + cells[i].Delta) == host)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Takes a page out of one bank's write entries, just after it was put in.</summary>
    /// <param name="s">The state.</param>
    /// <param name="linear">Linear address of the page.</param>
    /// <param name="bank">The bank.</param>
    public static void TakeBackWrite(CpuState* s, ulong linear, int bank)
    {
        int index = (int)(linear >> 12) & (CpuState.TlbEntries - 1);
        Empty(CpuState.Bank(s, bank) + CpuState.TlbEntries + index, index);
    }

    /// <summary>Empties all entries of the first level.</summary>
    /// <param name="s">The state.</param>
    public static void Reset(CpuState* s)
    {
        for (int bank = 0; bank < CpuState.TlbBanks; bank++)
        {
            TlbEntry* entries = CpuState.Bank(s, bank);
            Clear(entries);
            Clear(entries + CpuState.TlbEntries);
        }

        s->FillCounts[0] = 0;
        s->FillCounts[1] = 0;
        EmptyCells(s);
    }

    /// <summary>Empties one direction of one bank.</summary>
    /// <param name="entries">Its entries.</param>
    public static void Clear(TlbEntry* entries)
    {
        new Span<ulong>(entries, CpuState.TlbEntries * 2).Fill(EmptyTag);
        Empty(entries + 1, 1);
    }

    /// <summary>Empties the page cells: after every removal of a first-level entry, as they may hold its page.</summary>
    /// <remarks>An empty cell holds a page that is not canonical and that no guest can know, in front of a host page of zeros: an address that hits it by chance does no harm.</remarks>
    private static void EmptyCells(CpuState* s)
    {
        ulong tag = VirtualProcessor.Of(s).NoPage;
        TlbEntry empty = new() { Tag = tag, Delta = (ulong)((byte*)s + CpuState.NoPageOffset) - tag };
        new Span<TlbEntry>((byte*)s + CpuState.CellsOffset, CpuState.TlbBanks * 2 * CpuState.Cells).Fill(empty);
    }

    private static bool IsLogged(CpuState* s, int log) => s->FillCounts[log] < CpuState.FillLogEntries;

    private static int* Log(CpuState* s, int log) => (int*)((byte*)s + CpuState.FillLogOffset + (log * CpuState.FillLogSize));

    /// <summary>Only what was filled is emptied: a change of address space costs by what the last one touched, not by the size of the TLB.</summary>
    private static void EmptyFirstLevel(CpuState* s, bool globalToo)
    {
        VirtualProcessor cpu = VirtualProcessor.Of(s);
        cpu.Serialise();
        TranslationCache translations = cpu.Translations;
        s->SecondLevel = translations.Slots;
        s->PresentGeneration = translations.Present;
        s->GlobalGeneration = translations.Global;
        EmptyCells(s);
        if (!IsLogged(s, 0) || (globalToo && !IsLogged(s, 1)))
        {
            Reset(s);
        }
        else
        {
            EmptyLogged(s, 0);
            if (globalToo)
            {
                EmptyLogged(s, 1);
            }
        }

        cpu.Blocks.ForgetLinearAddresses(globalToo);
    }

    private static bool SearchWrites(CpuState* s, byte* host)
    {
        for (int bank = 0; bank < CpuState.TlbBanks; bank++)
        {
            TlbEntry* entries = CpuState.Bank(s, bank) + CpuState.TlbEntries;
            for (int i = 0; i < CpuState.TlbEntries; i++)
            {
                if ((byte*)(entries[i].Tag + entries[i].Delta) == host)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void EmptyLogged(CpuState* s, int log)
    {
        int* offsets = Log(s, log);
        for (int i = 0; i < s->FillCounts[log]; i++)
        {
            Empty(s, offsets[i]);
        }

        s->FillCounts[log] = 0;
    }

    private static void ForbidWrites(CpuState* s, int offset, byte* host)
    {
        TlbEntry* entry = (TlbEntry*)((byte*)s + offset);
        bool writes = (((offset - CpuState.TlbOffset) / sizeof(TlbEntry)) & CpuState.TlbEntries) != 0;
        if (writes && (byte*)(entry->Tag + entry->Delta) == host)
        {
            Empty(s, offset);
        }
    }

    private static void Empty(CpuState* s, int offset)
        => Empty((TlbEntry*)((byte*)s + offset), ((offset - CpuState.TlbOffset) / sizeof(TlbEntry)) & (CpuState.TlbEntries - 1));

    private static void Empty(TlbEntry* entry, int index)
    {
        entry->Tag = index == 1 ? EmptyTag - 0x1000 : EmptyTag;
        entry->Delta = 0;
    }
}
