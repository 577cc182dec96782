using System;
using System.Numerics;
using EmuPS.Core.Native;

namespace EmuPS.Cpu.Paging;

/// <summary>The second-level TLB: 32,768 translations tagged with a generation, so that a flush is one increment. Behind it stands the page walk.</summary>
/// <remarks>
/// Every address space (PCID) has a generation of its own and global pages have another; an entry counts when its generation is the present space's or the global one.
/// A large page is kept in pieces of 4 KiB. Which 2 MiB and 1 GiB regions have such pieces is remembered roughly, so that the invalidation of one address knows when it must take all pieces.
/// </remarks>
internal sealed unsafe class TranslationCache : IDisposable
{
    /// <summary>Number of entries; a power of two.</summary>
    public const int Entries = 32768;

    private const int Spaces = 4096;
    private readonly ulong[] _spaceGenerations = new ulong[Spaces];
    private readonly ulong[] _largeRegions = new ulong[64];
    private readonly ulong[] _hugeRegions = new ulong[16];
    private ulong _counter = 1;
    private ulong _oldest = 1;
    private PageEntry* _entries;

    /// <summary>Makes an empty cache.</summary>
    public TranslationCache()
    {
        _entries = (PageEntry*)HostMemory.Allocate((ulong)(Entries * sizeof(PageEntry)));
        Global = ++_counter;
        SelectSpace(0);
    }

    /// <summary>Generation of global pages.</summary>
    public ulong Global { get; private set; }

    /// <summary>Generation of the present address space.</summary>
    public ulong Present { get; private set; }

    /// <summary>The entries.</summary>
    public PageEntry* Slots => _entries;

    /// <summary>The slot where a page's translation would be.</summary>
    /// <param name="linear">Linear address.</param>
    public PageEntry* SlotOf(ulong linear) => _entries + ((linear >> 12) & (Entries - 1));

    /// <summary>Whether a slot holds the translation of a page in the present address space.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="linear">Linear address.</param>
    public bool Holds(PageEntry* slot, ulong linear)
        => slot->Linear == (linear & ~0xFFFUL) && (slot->Generation == Present || slot->Generation == Global);

    /// <summary>Marks a freshly walked entry as valid.</summary>
    /// <param name="slot">The slot.</param>
    public void Validate(PageEntry* slot)
    {
        slot->Generation = (slot->Rights & PageRights.Global) != 0 ? Global : Present;
        if ((slot->Rights & PageRights.Large) != 0)
        {
            Mark(_largeRegions, slot->Linear >> 21);
        }
        else if ((slot->Rights & PageRights.Huge) != 0)
        {
            Mark(_hugeRegions, slot->Linear >> 30);
        }
    }

    /// <summary>Makes an address space the present one.</summary>
    /// <param name="space">Its PCID.</param>
    public void SelectSpace(int space)
    {
        if (_spaceGenerations[space] < _oldest)
        {
            _spaceGenerations[space] = ++_counter;
        }

        Present = _spaceGenerations[space];
    }

    /// <summary>Forgets everything.</summary>
    /// <param name="space">The present address space.</param>
    public void FlushAll(int space)
    {
        Global = ++_counter;
        Array.Clear(_largeRegions);
        Array.Clear(_hugeRegions);
        FlushNonGlobal(space);
    }

    /// <summary>Forgets the non-global entries of all address spaces.</summary>
    /// <param name="space">The present address space.</param>
    public void FlushNonGlobal(int space)
    {
        _oldest = _counter + 1;
        SelectSpace(space);
    }

    /// <summary>Forgets the non-global entries of one address space.</summary>
    /// <param name="flushed">Its PCID.</param>
    /// <param name="space">The present address space.</param>
    public void FlushSpace(int flushed, int space)
    {
        _spaceGenerations[flushed] = 0;
        SelectSpace(space);
    }

    /// <summary>Forgets one page.</summary>
    /// <param name="linear">Linear address.</param>
    /// <returns>False when the address may belong to a large page of which other pieces are cached: everything must go.</returns>
    public bool TryFlushPage(ulong linear)
    {
        if (IsMarked(_largeRegions, linear >> 21) || IsMarked(_hugeRegions, linear >> 30))
        {
            return false;
        }

        PageEntry* slot = SlotOf(linear);
        if (slot->Linear == (linear & ~0xFFFUL))
        {
            slot->Generation = 0;
        }

        return true;
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        HostMemory.Free((byte*)_entries, (ulong)(Entries * sizeof(PageEntry)));
        _entries = null;
    }

    private static void Mark(ulong[] regions, ulong number)
    {
        int bit = Bit(regions, number);
        regions[bit >> 6] |= 1UL << bit;
    }

    private static bool IsMarked(ulong[] regions, ulong number)
    {
        int bit = Bit(regions, number);
        return (regions[bit >> 6] & (1UL << bit)) != 0;
    }

    private static int Bit(ulong[] regions, ulong number)
        => (int)((number * 0x9E37_79B9_7F4A_7C15) >> (64 - BitOperations.Log2((uint)regions.Length * 64)));
}
