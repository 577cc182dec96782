using System.Runtime.CompilerServices;
using System.Threading;
using EmuPS.Core.Memory;
using EmuPS.Core.Processor;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Paging;

/// <summary>Walks the guest's paging structures (SDM vol. 3, chapter 5): 4-level, PAE and 32-bit paging; sets accessed and dirty bits; decides permissions.</summary>
internal static unsafe class PageWalker
{
    /// <summary>Bits of a physical address, as CPUID leaf 0x80000008 announces.</summary>
    public const int PhysicalAddressBits = ProcessorModel.PhysicalAddressBits;

    private const ulong Present = 1;
    private const ulong Writable = 2;
    private const ulong UserPage = 4;
    private const ulong Accessed = 0x20;
    private const ulong DirtyBit = 0x40;
    private const ulong PageSize = 0x80;
    private const ulong GlobalBit = 0x100;
    private const ulong NoExecuteBit = 1UL << 63;
    private const ulong AddressMask = ((1UL << PhysicalAddressBits) - 1) & ~0xFFFUL;
    private const ulong ReservedAddress = ((1UL << 52) - 1) & ~((1UL << PhysicalAddressBits) - 1);
    private const ulong Cr0Wp = 1UL << 16;
    private const ulong Cr4Pse = 1UL << 4;
    private const ulong Cr4Pae = 1UL << 5;
    private const ulong Cr4Pge = 1UL << 7;
    private const ulong Cr4Smep = 1UL << 20;
    private const ulong EferNxe = 1UL << 11;

    /// <summary>Translates a page. The entry's address fields and rights are filled; permissions are not checked yet.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="s">Its state.</param>
    /// <param name="linear">Linear address.</param>
    /// <param name="bank">The TLB bank of the access: 1 is a user access.</param>
    /// <param name="kind">The access; a permitted write sets the dirty bit.</param>
    /// <param name="entry">Receives the translation.</param>
    /// <returns>False when a page fault was recorded.</returns>
    public static bool Walk(VirtualProcessor cpu, CpuState* s, ulong linear, int bank, AccessKind kind, PageEntry* entry)
    {
        ulong physical;
        PageRights rights;
        if ((s->Cr0 & ModeBits.Cr0Pg) == 0)
        {
            physical = linear & AddressMask;
            rights = PageRights.Write | PageRights.User | PageRights.Dirty;
        }
        else if (!((s->Efer & ModeBits.EferLma) != 0 ? Long(cpu, s, linear, bank, kind, &physical, &rights)
            : (s->Cr4 & Cr4Pae) != 0 ? Pae(cpu, s, linear, bank, kind, &physical, &rights)
            : Legacy(cpu, s, linear, bank, kind, &physical, &rights)))
        {
            return false;
        }

        entry->Linear = linear & ~0xFFFUL;
        entry->Physical = physical;
        entry->Rights = rights;
        RamRegion? region = cpu.Memory.Map.FindRam(physical);
        if (region is null || cpu.IsLocalApicPage(physical))
        {
            entry->Host = null;
            entry->Flags = null;
            entry->ReadOnly = 0;
        }
        else
        {
            entry->Host = region.HostAddress(physical);
            entry->Flags = region.FlagsOf(physical);
            entry->ReadOnly = region.ReadOnly ? 1u : 0u;
        }

        return true;
    }

    /// <summary>Whether an access is allowed (SDM vol. 3, 5.6.1).</summary>
    /// <param name="s">The state.</param>
    /// <param name="rights">What the page allows.</param>
    /// <param name="bank">The TLB bank: 0 supervisor, 1 user, 2 supervisor that may touch user pages.</param>
    /// <param name="kind">The access.</param>
    public static bool Allows(CpuState* s, PageRights rights, int bank, AccessKind kind)
    {
        if (kind == AccessKind.Fetch && (rights & PageRights.NoExecute) != 0)
        {
            return false;
        }

        if (bank == 1)
        {
            return (rights & PageRights.User) != 0 && (kind != AccessKind.Write || (rights & PageRights.Write) != 0);
        }

        if ((rights & PageRights.User) != 0)
        {
            if (kind == AccessKind.Fetch ? (s->Cr4 & Cr4Smep) != 0 : bank == 0 && (s->Cr4 & ModeBits.Cr4Smap) != 0)
            {
                return false;
            }
        }

        return kind != AccessKind.Write || (rights & PageRights.Write) != 0 || (s->Cr0 & Cr0Wp) == 0;
    }

    /// <summary>Records a page fault.</summary>
    /// <param name="s">The state.</param>
    /// <param name="linear">The address for CR2.</param>
    /// <param name="bank">The TLB bank of the access.</param>
    /// <param name="kind">The access.</param>
    /// <param name="present">Whether the fault is one of permission, not of a missing page.</param>
    /// <param name="reserved">Whether a reserved bit was set.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool PageFault(CpuState* s, ulong linear, int bank, AccessKind kind, bool present, bool reserved = false)
    {
        uint code = present ? 1u : 0u;
        code |= kind == AccessKind.Write ? 2u : 0u;
        code |= bank == 1 ? 4u : 0u;
        code |= reserved ? 8u : 0u;
        if (kind == AccessKind.Fetch && ((s->Efer & EferNxe) != 0 || (s->Cr4 & Cr4Smep) != 0))
        {
            code |= 16;
        }

        // CR2 is written when the fault is delivered; until then the address waits here, so that a probe leaves no trace.
        s->FaultAddress = linear;
        Fault.Record(s, Vector.PageFault, code);
        return false;
    }

    private static bool Long(VirtualProcessor cpu, CpuState* s, ulong linear, int bank, AccessKind kind, ulong* physical, PageRights* rights)
    {
        ulong table = s->Cr3 & AddressMask;
        ulong combined = Writable | UserPage;
        ulong noExecute = 0;
        for (int level = 3; ; level--)
        {
            ulong* slot = Slot64(cpu, table + (((linear >> (12 + (9 * level))) & 511) * 8));
            ulong value = slot is null ? 0 : Volatile.Read(ref *slot);
            if ((value & Present) == 0)
            {
                return PageFault(s, linear, bank, kind, present: false);
            }

            bool leaf = level == 0 || (level < 3 && (value & PageSize) != 0);
            ulong reserved = ReservedAddress | ((s->Efer & EferNxe) == 0 ? NoExecuteBit : 0);
            if (leaf && level > 0)
            {
                reserved |= level == 1 ? 0x1F_E000UL : 0x3FFF_E000UL;
            }
            else if (level == 3)
            {
                reserved |= PageSize;
            }

            if ((value & reserved) != 0)
            {
                return PageFault(s, linear, bank, kind, present: true, reserved: true);
            }

            combined &= value;
            noExecute |= value & NoExecuteBit;
            if (leaf)
            {
                return Leaf(s, slot, value, linear, bank, kind, combined, noExecute, level, 9, physical, rights)
                    ?? Long(cpu, s, linear, bank, kind, physical, rights);
            }

            if (!SetBits(slot, value, Accessed))
            {
                return Long(cpu, s, linear, bank, kind, physical, rights);
            }

            table = value & AddressMask;
        }
    }

    private static bool Pae(VirtualProcessor cpu, CpuState* s, ulong linear, int bank, AccessKind kind, ulong* physical, PageRights* rights)
    {
        ulong* top = Slot64(cpu, (s->Cr3 & 0xFFFF_FFE0) + (((linear >> 30) & 3) * 8));
        if (top is null || (*top & Present) == 0)
        {
            return PageFault(s, linear, bank, kind, present: false);
        }

        ulong table = *top & AddressMask;
        ulong combined = Writable | UserPage;
        ulong noExecute = 0;
        for (int level = 1; ; level--)
        {
            ulong* slot = Slot64(cpu, table + (((linear >> (12 + (9 * level))) & 511) * 8));
            ulong value = slot is null ? 0 : Volatile.Read(ref *slot);
            if ((value & Present) == 0)
            {
                return PageFault(s, linear, bank, kind, present: false);
            }

            bool leaf = level == 0 || (value & PageSize) != 0;
            ulong reserved = ReservedAddress | 0x7FF0_0000_0000_0000UL | ((s->Efer & EferNxe) == 0 ? NoExecuteBit : 0) | (leaf && level == 1 ? 0x1F_E000UL : 0);
            if ((value & reserved) != 0)
            {
                return PageFault(s, linear, bank, kind, present: true, reserved: true);
            }

            combined &= value;
            noExecute |= value & NoExecuteBit;
            if (leaf)
            {
                return Leaf(s, slot, value, linear, bank, kind, combined, noExecute, level, 9, physical, rights)
                    ?? Pae(cpu, s, linear, bank, kind, physical, rights);
            }

            if (!SetBits(slot, value, Accessed))
            {
                return Pae(cpu, s, linear, bank, kind, physical, rights);
            }

            table = value & AddressMask;
        }
    }

    private static bool Legacy(VirtualProcessor cpu, CpuState* s, ulong linear, int bank, AccessKind kind, ulong* physical, PageRights* rights)
    {
        uint* slot = Slot32(cpu, (s->Cr3 & 0xFFFF_F000) + (((linear >> 22) & 1023) * 4));
        uint value = slot is null ? 0 : Volatile.Read(ref *slot);
        if ((value & Present) == 0)
        {
            return PageFault(s, linear, bank, kind, present: false);
        }

        ulong combined = (Writable | UserPage) & value;
        bool large = (value & PageSize) != 0 && (s->Cr4 & Cr4Pse) != 0;
        if (!large)
        {
            if (!SetBits(slot, value, (uint)Accessed))
            {
                return Legacy(cpu, s, linear, bank, kind, physical, rights);
            }

            slot = Slot32(cpu, (value & 0xFFFF_F000) + (((linear >> 12) & 1023) * 4));
            value = slot is null ? 0 : Volatile.Read(ref *slot);
            if ((value & Present) == 0)
            {
                return PageFault(s, linear, bank, kind, present: false);
            }

            combined &= value;
        }

        PageRights found = Rights(s, value, combined, 0) | (large ? PageRights.Large : 0);
        if (!Allows(s, found, bank, kind))
        {
            return PageFault(s, linear, bank, kind, present: true);
        }

        if (!SetBits(slot, value, (uint)(Accessed | (kind == AccessKind.Write ? DirtyBit : 0))))
        {
            return Legacy(cpu, s, linear, bank, kind, physical, rights);
        }

        *rights = found | (kind == AccessKind.Write ? PageRights.Dirty : 0);
        *physical = large
            ? (value & 0xFFC0_0000) | ((ulong)(value & 0x1F_E000) << 19) | (linear & 0x3F_F000)
            : value & 0xFFFF_F000;
        return true;
    }

    /// <summary>Completes a walk; null when the entry changed meanwhile.</summary>
    private static bool? Leaf(
        CpuState* s, ulong* slot, ulong value, ulong linear, int bank, AccessKind kind, ulong combined, ulong noExecute, int level, int bits, ulong* physical, PageRights* rights)
    {
        PageRights found = Rights(s, value, combined, noExecute) | (level == 1 ? PageRights.Large : level == 2 ? PageRights.Huge : 0);
        if (!Allows(s, found, bank, kind))
        {
            return PageFault(s, linear, bank, kind, present: true);
        }

        if (!SetBits(slot, value, Accessed | (kind == AccessKind.Write ? DirtyBit : 0)))
        {
            return null;
        }

        *rights = found | (kind == AccessKind.Write ? PageRights.Dirty : 0);
        ulong inside = (1UL << (12 + (bits * level))) - 1;
        *physical = (value & AddressMask & ~inside) | (linear & inside & ~0xFFFUL);
        return true;
    }

    private static PageRights Rights(CpuState* s, ulong leaf, ulong combined, ulong noExecute)
        => ((combined & Writable) != 0 ? PageRights.Write : 0)
        | ((combined & UserPage) != 0 ? PageRights.User : 0)
        | (noExecute != 0 ? PageRights.NoExecute : 0)
        | ((leaf & DirtyBit) != 0 ? PageRights.Dirty : 0)
        | ((leaf & GlobalBit) != 0 && (s->Cr4 & Cr4Pge) != 0 ? PageRights.Global : 0);

    private static ulong* Slot64(VirtualProcessor cpu, ulong physical)
    {
        RamRegion? region = cpu.Memory.Map.FindRam(physical);
        return region is null ? null : (ulong*)region.HostAddress(physical);
    }

    private static uint* Slot32(VirtualProcessor cpu, ulong physical)
    {
        RamRegion? region = cpu.Memory.Map.FindRam(physical);
        return region is null ? null : (uint*)region.HostAddress(physical);
    }

    /// <summary>Sets accessed and dirty bits in the entry as it was seen.</summary>
    /// <returns>False when another processor has changed the entry since: the walk starts again, for a write must never go where the changed entry does not say that it is dirty.</returns>
    private static bool SetBits(ulong* slot, ulong seen, ulong bits)
        => (seen & bits) == bits || Interlocked.CompareExchange(ref *slot, seen | bits, seen) == seen;

    private static bool SetBits(uint* slot, uint seen, uint bits)
        => (seen & bits) == bits || Interlocked.CompareExchange(ref *slot, seen | bits, seen) == seen;
}
