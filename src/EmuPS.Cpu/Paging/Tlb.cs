using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Paging;

/// <summary>Invalidation of cached translations (SDM vol. 3, 5.10.4).</summary>
internal static unsafe class Tlb
{
    /// <summary>Everything, global entries and all PCIDs included: CR0.PG, CR4.PGE, PSE, PAE, SMEP, SMAP changes, INVPCID type 2, MTRR changes.</summary>
    /// <param name="s">The state.</param>
    public static void FlushAll(CpuState* s)
    {
    }

    /// <summary>Everything but global entries, all PCIDs: INVPCID type 3.</summary>
    /// <param name="s">The state.</param>
    public static void FlushNonGlobal(CpuState* s)
    {
    }

    /// <summary>The non-global entries of one PCID: INVPCID type 1, MOV to CR3 without the no-flush bit.</summary>
    /// <param name="s">The state.</param>
    /// <param name="pcid">0 to 4095; 0 when CR4.PCIDE is clear.</param>
    public static void FlushPcid(CpuState* s, int pcid)
    {
    }

    /// <summary>One page of the present address space, global or not: INVLPG, INVPCID type 0.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Any linear address of the page.</param>
    /// <param name="pcid">The PCID whose entry goes; global entries go too only when it is the present one.</param>
    public static void FlushPage(CpuState* s, ulong address, int pcid)
    {
    }

    /// <summary>After CR3 got a new value: the present address space is another one. Flushes the first-level TLB, not the entries kept by PCID.</summary>
    /// <param name="s">The state.</param>
    public static void AddressSpaceChanged(CpuState* s)
    {
    }
}
