using System;
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
        EmptyFirstLevel(s);
    }

    /// <summary>Everything but global entries, all PCIDs: INVPCID type 3.</summary>
    /// <param name="s">The state.</param>
    public static void FlushNonGlobal(CpuState* s)
    {
        VirtualProcessor.Of(s).Translations.FlushNonGlobal(SpaceOf(s));
        EmptyFirstLevel(s);
    }

    /// <summary>The non-global entries of one PCID: INVPCID type 1, MOV to CR3 without the no-flush bit.</summary>
    /// <param name="s">The state.</param>
    /// <param name="pcid">0 to 4095; 0 when CR4.PCIDE is clear.</param>
    public static void FlushPcid(CpuState* s, int pcid)
    {
        VirtualProcessor.Of(s).Translations.FlushSpace(pcid, SpaceOf(s));
        EmptyFirstLevel(s);
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

        if (!cpu.Translations.TryFlushPage(address))
        {
            FlushAll(s);
            return;
        }

        for (int bank = 0; bank < CpuState.TlbBanks; bank++)
        {
            TlbEntry* entry = CpuState.Bank(s, bank) + ((address >> 12) & (CpuState.TlbEntries - 1));
            Empty(entry, (int)(address >> 12) & (CpuState.TlbEntries - 1));
            Empty(entry + CpuState.TlbEntries, (int)(address >> 12) & (CpuState.TlbEntries - 1));
        }

        cpu.Blocks.ForgetLinearAddresses();
    }

    /// <summary>After CR3 got a new value: the present address space is another one. Flushes the first-level TLB, not the entries kept by PCID.</summary>
    /// <param name="s">The state.</param>
    public static void AddressSpaceChanged(CpuState* s)
    {
        VirtualProcessor.Of(s).Translations.SelectSpace(SpaceOf(s));
        EmptyFirstLevel(s);
    }

    /// <summary>Takes a host page out of all write entries, because code was made from it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="host">Host address of the page.</param>
    public static void ForbidWrites(CpuState* s, byte* host)
    {
        for (int bank = 0; bank < CpuState.TlbBanks; bank++)
        {
            TlbEntry* entry = CpuState.Bank(s, bank) + CpuState.TlbEntries;
            for (int i = 0; i < CpuState.TlbEntries; i++)
            {
                if ((byte*)(entry[i].Tag + entry[i].Delta) == host)
                {
                    Empty(entry + i, i);
                }
            }
        }
    }

    /// <summary>Whether a page may be in a write entry of another processor, asked from any thread. The asker has set the page's flag before; a processor that fills an entry looks at the flag afterwards.</summary>
    /// <param name="processor">The other processor.</param>
    /// <param name="host">Host address of the page.</param>
    public static bool HoldsWrite(VirtualProcessor processor, byte* host)
    {
        CpuState* s = processor.State;
        int used = processor.UsedBanks;
        for (int bank = 0; bank < CpuState.TlbBanks; bank++)
        {
            if ((used & (1 << bank)) == 0)
            {
                continue;
            }

            TlbEntry* entry = CpuState.Bank(s, bank) + CpuState.TlbEntries;
            for (int i = 0; i < CpuState.TlbEntries; i++)
            {
                if ((byte*)(entry[i].Tag + entry[i].Delta) == host)
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

    /// <summary>Empties the first level of every bank.</summary>
    /// <param name="s">The state.</param>
    public static void EmptyFirstLevel(CpuState* s)
    {
        VirtualProcessor cpu = VirtualProcessor.Of(s);
        for (int bank = 0; bank < CpuState.TlbBanks; bank++)
        {
            if ((cpu.UsedBanks & (1 << bank)) != 0)
            {
                TlbEntry* entries = CpuState.Bank(s, bank);
                Clear(entries);
                Clear(entries + CpuState.TlbEntries);
            }
        }

        cpu.UsedBanks = 0;
        cpu.Blocks.ForgetLinearAddresses();
    }

    /// <summary>Empties one direction of one bank.</summary>
    /// <param name="entries">Its entries.</param>
    public static void Clear(TlbEntry* entries)
    {
        new Span<ulong>(entries, CpuState.TlbEntries * 2).Fill(EmptyTag);
        Empty(entries + 1, 1);
    }

    private static void Empty(TlbEntry* entry, int index)
    {
        entry->Tag = index == 1 ? EmptyTag - 0x1000 : EmptyTag;
        entry->Delta = 0;
    }
}
