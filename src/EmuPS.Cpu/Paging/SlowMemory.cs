using System;
using System.Runtime.CompilerServices;
using System.Threading;
using EmuPS.Core.Memory;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Paging;

/// <summary>Memory accesses that missed the first-level TLB: translation, TLB fill, page-crossing, devices, pages with code.</summary>
internal static unsafe class SlowMemory
{
    /// <summary>Gives a pointer to read an operand from, with the rights of the present privilege level.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="size">1 to 64 bytes.</param>
    /// <returns>A host pointer, the bounce buffer, or null with the fault recorded.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void* Load(CpuState* s, ulong address, int size) => Load(s, address, size, ModeBits.BankOf(s));

    /// <summary>Gives a pointer to read an operand from.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="size">1 to 64 bytes.</param>
    /// <param name="bank">Whose rights count: 0 supervisor, 1 user, 2 supervisor that may touch user pages.</param>
    public static void* Load(CpuState* s, ulong address, int size, int bank)
    {
        VirtualProcessor cpu = VirtualProcessor.Of(s);
        int first = Math.Min(size, 0x1000 - (int)(address & 0xFFF));
        PageEntry* page = Translate(cpu, s, address, bank, AccessKind.Read);
        if (page is null)
        {
            return null;
        }

        if (first == size && page->Host != null)
        {
            Fill(cpu, s, page, bank, write: false);
            return page->Host + (address & 0xFFF);
        }

        BouncePart part = BouncePart.Of(page, address, first);
        if (first < size)
        {
            page = Translate(cpu, s, NextPage(s, address), bank, AccessKind.Read);
            if (page is null)
            {
                return null;
            }

            BouncePart.Of(page, 0, size - first).Read(cpu, s->Bounce + first);
        }

        part.Read(cpu, s->Bounce);
        return s->Bounce;
    }

    /// <summary>Gives a pointer to an operand that will be written, with the rights of the present privilege level.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="size">1 to 64 bytes.</param>
    /// <param name="readFirst">Whether the old value is wanted; a device is not read for nothing.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void* Modify(CpuState* s, ulong address, int size, bool readFirst = true) => Modify(s, address, size, ModeBits.BankOf(s), readFirst);

    /// <summary>Gives a pointer to an operand that will be written.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="size">1 to 64 bytes.</param>
    /// <param name="bank">Whose rights count.</param>
    /// <param name="readFirst">Whether the old value is wanted.</param>
    /// <returns>A host pointer, the bounce buffer (then <see cref="Commit"/> completes the write), or null with the fault recorded.</returns>
    public static void* Modify(CpuState* s, ulong address, int size, int bank, bool readFirst)
    {
        VirtualProcessor cpu = VirtualProcessor.Of(s);
        int first = Math.Min(size, 0x1000 - (int)(address & 0xFFF));
        PageEntry* page = Translate(cpu, s, address, bank, AccessKind.Write);
        if (page is null)
        {
            return null;
        }

        if (first == size && page->Host != null && page->ReadOnly == 0)
        {
            MarkDirty(page->Flags);
            if (cpu.IsJournaling)
            {
                cpu.Journal!.Record(page->Host + (address & 0xFFF), size);
            }

            if ((*page->Flags & RamRegion.PageHasCode) == 0 || cpu.WriteCode(page->Host, page->Physical + (address & 0xFFF), size))
            {
                Fill(cpu, s, page, bank, write: true);
                if (cpu.Group.IsShared && BecameCode(page->Flags))
                {
                    Tlb.TakeBackWrite(s, page->Linear, bank);
                    cpu.WriteCode(page->Host, page->Physical + (address & 0xFFF), size);
                }
            }

            return page->Host + (address & 0xFFF);
        }

        BouncePart part = BouncePart.Of(page, address, first);
        BouncePart second = default;
        if (first < size)
        {
            page = Translate(cpu, s, NextPage(s, address), bank, AccessKind.Write);
            if (page is null)
            {
                return null;
            }

            second = BouncePart.Of(page, 0, size - first);
        }

        cpu.FirstBouncePart = part;
        cpu.SecondBouncePart = second;
        if (readFirst)
        {
            part.Read(cpu, s->Bounce);
            second.Read(cpu, s->Bounce + first);
        }

        return s->Bounce;
    }

    /// <summary>Gives a pointer to an operand of a locked instruction. One that crosses pages is no single place in the host; with several processors it has to be executed while the others stand.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="size">1 to 16 bytes.</param>
    /// <returns>As <see cref="Modify(CpuState*, ulong, int, bool)"/>; null without a fault when the instruction is to be executed again, alone.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void* ModifyLocked(CpuState* s, ulong address, int size)
    {
        if ((address & 0xFFF) + (ulong)size > 0x1000 && !VirtualProcessor.Of(s).MayExecuteAlone())
        {
            return null;
        }

        return Modify(s, address, size);
    }

    /// <summary>Remembers that a page was written.</summary>
    /// <param name="flags">Its flag byte.</param>
    public static void MarkDirty(byte* flags)
    {
        if ((*flags & RamRegion.PageDirty) == 0)
        {
            RamRegion.ChangeFlag(flags, RamRegion.PageDirty, true);
        }
    }

    /// <summary>Writes the bounce buffer where it belongs.</summary>
    /// <param name="s">The state.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Commit(CpuState* s)
    {
        VirtualProcessor cpu = VirtualProcessor.Of(s);
        BouncePart first = cpu.FirstBouncePart;
        first.Write(cpu, s->Bounce);
        cpu.SecondBouncePart.Write(cpu, s->Bounce + first.Size);
    }

    /// <summary>Checks that bytes may be read or written, without doing it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="size">1 to 4096 bytes.</param>
    /// <param name="write">Whether they will be written.</param>
    /// <returns>False when a fault was recorded.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Probe(CpuState* s, ulong address, int size, bool write)
    {
        VirtualProcessor cpu = VirtualProcessor.Of(s);
        AccessKind kind = write ? AccessKind.Write : AccessKind.Read;
        int bank = ModeBits.BankOf(s);
        return Translate(cpu, s, address, bank, kind) is not null
            && ((address & 0xFFF) + (ulong)size <= 0x1000 || Translate(cpu, s, NextPage(s, address), bank, kind) is not null);
    }

    /// <summary>Finds the translation of a page for an access, from the second-level TLB or by a walk.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="s">Its state.</param>
    /// <param name="address">Linear address.</param>
    /// <param name="bank">Whose rights count.</param>
    /// <param name="kind">The access.</param>
    /// <returns>The entry, good until the next translation; null with the fault recorded.</returns>
    public static PageEntry* Translate(VirtualProcessor cpu, CpuState* s, ulong address, int bank, AccessKind kind)
    {
        if ((s->Mode & CpuMode.LongActive) != 0 && (ulong)((long)(address << 16) >> 16) != address)
        {
            Fault.Record(s, Vector.GeneralProtection);
            return null;
        }

        PageEntry* slot = cpu.Translations.SlotOf(address);
        if (cpu.Translations.Holds(slot, address)
            && (kind != AccessKind.Write || (slot->Rights & PageRights.Dirty) != 0)
            && PageWalker.Allows(s, slot->Rights, bank, kind))
        {
            return slot;
        }

        slot->Generation = 0;
        slot->Ready = 0;
        if (!PageWalker.Walk(cpu, s, address, bank, kind, slot))
        {
            return null;
        }

        cpu.Translations.Validate(slot);
        return slot;
    }

    private static ulong NextPage(CpuState* s, ulong address)
    {
        ulong next = (address | 0xFFF) + 1;
        return (s->Mode & CpuMode.Long64) != 0 ? next : (uint)next;
    }

    private static void Fill(VirtualProcessor cpu, CpuState* s, PageEntry* page, int bank, bool write)
    {
        // A supervisor's write to a read-only page, which CR0.WP may allow, stays a matter of the slow path.
        if (!write || (page->Rights & PageRights.Write) != 0)
        {
            page->Ready |= PageEntry.ReadyBit(bank, write);
        }

        Tlb.Fill(s, page, bank, write);
    }

    /// <summary>Whether another processor made code of a page while it was put into the write TLB: the entry is visible to that processor, or its flag to us.</summary>
    private static bool BecameCode(byte* flags)
    {
        Interlocked.MemoryBarrier();
        return (Volatile.Read(ref *flags) & RamRegion.PageHasCode) != 0;
    }
}
