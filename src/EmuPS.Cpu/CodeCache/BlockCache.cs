using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using EmuPS.Core.Memory;
using EmuPS.Core.Native;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.Multiprocessing;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.CodeCache;

/// <summary>The decoded blocks of one processor: found by RIP through the jump cache, by physical address through the hash table, and by page when bytes are written.</summary>
/// <remarks>Memory is handed out front to back and all of it taken back at once when it is full; single blocks are only marked stale.</remarks>
internal sealed unsafe class BlockCache : IDisposable
{
    // Several processors divide the room, but a quarter is the least that serves.
    private const ulong FullArenaSize = 192UL << 20;
    private const ulong LeastArenaSize = 48UL << 20;
    // More than a booted kernel has blocks: each further step along a bucket is a cache miss.
    private const int Buckets = 1 << 18;

    // Blocks are met in no order that small pages' translations would survive; but a guest as small as the simulated one shall not cost whole huge pages.
    private const ulong SmallPagedBytes = 2UL << 20;
    private const int JumpEntries = 1 << 13;
    private const int JumpGenerationShift = 16;
    private const int FetchedBits = 1 << 14;

    private readonly VirtualProcessor _cpu;
    private readonly CpuState* _state;
    private readonly BlockDecoder _decoder;
    private readonly Dictionary<ulong, CodePage> _pages = [];
    private readonly List<ulong> _moved = [];
    private readonly SharedCode? _shared;
    private readonly ulong _arenaSize;
    private readonly byte* _arena;
    private readonly Block** _buckets;

    // The linear pages from which something was fetched since all were forgotten, roughly: several share a bit.
    private readonly ulong[] _fetched = new ulong[FetchedBits / 64];
    private readonly JumpEntry* _jumps;
    private ulong _used;
    private ulong _jumpCounter = 2;
    private ulong _presentJumps = 1;
    private ulong _globalJumps = 2;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="cpu">The processor.</param>
    /// <param name="state">Its state.</param>
    public BlockCache(VirtualProcessor cpu, CpuState* state)
    {
        _cpu = cpu;
        _state = state;
        _decoder = new BlockDecoder(cpu);
        _shared = cpu.Group.IsShared ? cpu.Group.Code : null;
        _arenaSize = ulong.Max(LeastArenaSize, FullArenaSize / (ulong)cpu.Group.Count) & ~0xFFFFUL;
        _arena = HostMemory.Allocate(_arenaSize);
        _buckets = (Block**)HostMemory.Allocate((ulong)(Buckets * sizeof(Block*)));
        HostMapping.PreferHugePagesBehind(_arena, _arenaSize, SmallPagedBytes);
        _jumps = (JumpEntry*)HostMemory.Allocate((ulong)(JumpEntries * sizeof(JumpEntry)));
    }

    /// <summary>Which pages lose their translated code again and again.</summary>
    public RewrittenPages Rewritten { get; } = new();

    /// <summary>Bytes of decoded blocks in use.</summary>
    public ulong Used => _used;

    /// <summary>Blocks decoded since the start.</summary>
    public ulong Decoded { get; private set; }

    /// <summary>Times the whole cache was emptied because it was full.</summary>
    public ulong Flushes { get; private set; }

    /// <summary>Blocks dropped because their bytes were written.</summary>
    public ulong Invalidated { get; private set; }

    /// <summary>Whether the last block that was found lies on global pages, so that a change of address space does not matter to it.</summary>
    public bool IsGlobal { get; private set; }

    /// <summary>Finds the block at CS:RIP through the jump cache.</summary>
    /// <param name="rip">RIP.</param>
    /// <param name="csBase">Base of the code segment, 0 in 64-bit mode.</param>
    /// <param name="mode">Mode bits.</param>
    /// <returns>The block, or null when the slow way is needed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Block* Find(ulong rip, ulong csBase, uint mode)
    {
        JumpEntry* entry = _jumps + ((rip ^ (rip >> 13)) & (JumpEntries - 1));
        ulong generation = entry->ModeAndGeneration - mode;
        IsGlobal = generation == _globalJumps << JumpGenerationShift;
        return entry->Rip == rip && (IsGlobal || generation == _presentJumps << JumpGenerationShift)
            && entry->CsBase == csBase && entry->Block->Stale == 0
            ? entry->Block
            : null;
    }

    /// <summary>Finds the block at CS:RIP by its physical address, or decodes it.</summary>
    /// <param name="rip">RIP.</param>
    /// <param name="csBase">Base of the code segment, 0 in 64-bit mode.</param>
    /// <param name="mode">Mode bits.</param>
    /// <returns>The block, or null when the fetch faulted (recorded).</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Block* Fetch(ulong rip, ulong csBase, uint mode)
    {
        ulong linear = rip + csBase;
        if ((mode & CpuMode.Long64) == 0)
        {
            linear = (uint)linear;
        }

        int bank = (mode & CpuMode.User) != 0 ? 1 : 0;
        PageEntry* page = SlowMemory.Translate(_cpu, _state, linear, bank, AccessKind.Fetch);
        if (page is null)
        {
            return null;
        }

        if (page->Host == null)
        {
            // Nothing but RAM and ROM holds code; a floating bus reads FF FF, which is no instruction.
            Fault.Record(_state, Exceptions.Vector.InvalidOpcode);
            return null;
        }

        NoteFetch(linear);
        IsGlobal = (page->Rights & PageRights.Global) != 0;
        ulong physical = page->Physical + (linear & 0xFFF);
        Block** bucket = _buckets + Hash(physical, rip);
        Block* block = *bucket;
        while (block != null && !(block->Physical == physical && block->Rip == rip && block->Mode == mode && block->CsBase == csBase && block->Stale == 0))
        {
            block = block->NextInBucket;
        }

        if (block != null && block->SecondPage != 0)
        {
            ulong next = NextPage(linear, mode);
            page = SlowMemory.Translate(_cpu, _state, next, bank, AccessKind.Fetch);
            if (page is null)
            {
                return null;
            }

            block = page->Physical == block->SecondPage ? block : null;
        }

        if (block == null)
        {
            block = Decode(rip, csBase, mode, linear, bank);
            if (block == null)
            {
                return null;
            }

            bucket = _buckets + Hash(physical, rip);
            block->NextInBucket = *bucket;
            *bucket = block;
        }

        if (block->SecondPage != 0)
        {
            NoteFetch(NextPage(linear, mode));
        }

        // The second page's entry may be of one address space when the first is not; rare enough to be taken for one of its space.
        IsGlobal &= block->SecondPage == 0;

        JumpEntry* entry = _jumps + ((rip ^ (rip >> 13)) & (JumpEntries - 1));
        entry->Rip = rip;
        entry->CsBase = csBase;
        entry->ModeAndGeneration = mode + ((IsGlobal ? _globalJumps : _presentJumps) << JumpGenerationShift);
        entry->Block = block;
        return block;
    }

    /// <summary>Empties the jump cache: a linear address may mean another physical one now.</summary>
    /// <param name="globalToo">Whether that is so for global pages too.</param>
    public void ForgetLinearAddresses(bool globalToo)
    {
        _presentJumps = ++_jumpCounter;
        if (globalToo)
        {
            _globalJumps = ++_jumpCounter;
            Array.Clear(_fetched);
        }

        _cpu.Translator?.EmptyJumpTables(globalToo);
    }

    /// <summary>One linear page may mean another physical one now. Nothing is forgotten when no instruction was fetched from it, as with most pages that a kernel takes back.</summary>
    /// <param name="linear">Any linear address of the page.</param>
    public void ForgetPage(ulong linear)
    {
        (int word, ulong bit) = FetchedBit(linear);
        if ((_fetched[word] & bit) != 0)
        {
            ForgetLinearAddresses(globalToo: true);
        }
    }

    /// <summary>Bytes of RAM are about to be written (or were, by a device): drops the blocks made from them. The block being executed ends after its present instruction.</summary>
    /// <param name="physical">First byte.</param>
    /// <param name="size">Number of bytes, any.</param>
    /// <returns>True when no code is left on the page of the last byte.</returns>
    public bool Written(ulong physical, int size)
    {
        bool clear = true;
        ulong end = physical + (ulong)size;
        while (physical < end)
        {
            ulong page = physical & ~0xFFFUL;
            ulong pageEnd = Math.Min(end, page + 0x1000);
            clear = WrittenOnPage(page, physical, pageEnd);
            physical = pageEnd;
        }

        return clear;
    }

    /// <summary>The physical map is another one: drops the blocks whose RAM is not where it was. To be called at block boundaries only.</summary>
    public void MapChanged()
    {
        PhysicalMemoryMap map = _cpu.Memory.Map;
        foreach ((ulong page, CodePage code) in _pages)
        {
            if (code.Region is null || !ReferenceEquals(map.FindRam(page), code.Region))
            {
                _moved.Add(page);
            }
        }

        // At a boundary no instruction is under way that would have to be abandoned.
        int pending = _state->FaultVector;
        foreach (ulong page in _moved)
        {
            WrittenOnPage(page, page, page + 0x1000);
        }

        _state->FaultVector = pending;
        _moved.Clear();
    }

    /// <summary>Drops every block. To be called at block boundaries only.</summary>
    public void Flush()
    {
        if (_shared is not null)
        {
            _shared.Release(_cpu, _pages.Keys);
        }
        else
        {
            foreach (ulong page in _pages.Keys)
            {
                ClearCodeFlag(page);
            }
        }

        _pages.Clear();
        new Span<nint>(_buckets, Buckets).Clear();
        _used = 0;
        Flushes++;
        _cpu.Translator?.Flush();
        _state->MissingBlock = null;
        ForgetLinearAddresses(globalToo: true);
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        HostMemory.Free(_arena, _arenaSize);
        HostMemory.Free((byte*)_buckets, (ulong)(Buckets * sizeof(Block*)));
        HostMemory.Free((byte*)_jumps, (ulong)(JumpEntries * sizeof(JumpEntry)));
    }

    private static (int Word, ulong Bit) FetchedBit(ulong linear)
    {
        int number = (int)(linear >> 12) & (FetchedBits - 1);
        return (number >> 6, 1UL << number);
    }

    private void NoteFetch(ulong linear)
    {
        (int word, ulong bit) = FetchedBit(linear);
        _fetched[word] |= bit;
    }

    private static ulong NextPage(ulong linear, uint mode)
    {
        ulong next = (linear | 0xFFF) + 1;
        return (mode & CpuMode.Long64) != 0 ? next : (uint)next;
    }

    private static ulong Hash(ulong physical, ulong rip) => ((physical >> 16) ^ physical ^ (rip >> 12)) & (Buckets - 1);

    private Block* Decode(ulong rip, ulong csBase, uint mode, ulong linear, int bank)
    {
        if (_used + (ulong)sizeof(Block) + ((BlockDecoder.MaximumCount + 1) * (ulong)sizeof(Op)) > _arenaSize)
        {
            Flush();
        }

        Block* block = (Block*)(_arena + _used);
        *block = default;
        block->Ops = (Op*)(block + 1);
        block->Rip = rip;
        block->CsBase = csBase;
        block->Mode = mode;
        PageEntry* page = SlowMemory.Translate(_cpu, _state, linear, bank, AccessKind.Fetch);
        byte* host = page->Host;
        block->Physical = page->Physical + (linear & 0xFFF);
        ulong firstPage = page->Physical;
        Claim(page);
        if (!_decoder.TryDecode(block, host + (linear & 0xFFF), 0x1000 - (int)(linear & 0xFFF)))
        {
            // The first instruction continues on the next page, which may not be there.
            page = SlowMemory.Translate(_cpu, _state, NextPage(linear, mode), bank, AccessKind.Fetch);
            if (page is null || page->Host == null)
            {
                if (page is not null)
                {
                    Fault.Record(_state, Exceptions.Vector.InvalidOpcode);
                }

                Settle(firstPage);
                return null;
            }

            block->SecondPage = page->Physical;
            Claim(page);
            _decoder.DecodeCrossing(block, host + (linear & 0xFFF), 0x1000 - (int)(linear & 0xFFF), page->Host);
            AddToPage(block, page->Physical, 0, (int)((linear & 0xFFF) + (ulong)block->Length - 0x1000), page->Host);
        }

        int onFirst = Math.Min(block->Length, 0x1000 - (int)(linear & 0xFFF));
        AddToPage(block, block->Physical & ~0xFFFUL, (int)(linear & 0xFFF), onFirst, host);
        _used += (ulong)sizeof(Block) + ((ulong)(block->Count + 1) * (ulong)sizeof(Op));
        Decoded++;
        return block;
    }

    private void AddToPage(Block* block, ulong page, int offset, int length, byte* host)
    {
        if (!_pages.TryGetValue(page, out CodePage? code))
        {
            code = new CodePage(_cpu.Memory.Map.FindRam(page));
            _pages.Add(page, code);
            if (_shared is null && code.Region is { } region)
            {
                byte* flags = region.FlagsOf(page);
                RamRegion.ChangeFlag(flags, RamRegion.PageHasCode, true);
                Tlb.ForbidWrites(_state, (byte*)((nint)host & ~0xFFF), flags);
            }
        }

        code.Blocks.Add((nint)block);
        code.Lines |= LineMask(offset, Math.Max(length, 1));
        _shared?.Settle(_cpu, page, code.Lines);
    }

    /// <summary>Before bytes of a page are decoded: no other processor may write them unnoticed from here on.</summary>
    private void Claim(PageEntry* page)
    {
        if (_shared is null)
        {
            return;
        }

        _shared.Claim(_cpu, page->Physical, page->Host, page->Flags);
        if (!_pages.ContainsKey(page->Physical))
        {
            Tlb.ForbidWrites(_state, page->Host, page->Flags);
        }
    }

    /// <summary>A claimed page came to nothing: what was there before counts again.</summary>
    private void Settle(ulong page) => _shared?.Settle(_cpu, page, _pages.TryGetValue(page, out CodePage? code) ? code.Lines : 0);

    private void ClearCodeFlag(ulong page)
    {
        if (_cpu.Memory.Map.FindRam(page) is { } region)
        {
            RamRegion.ChangeFlag(region.FlagsOf(page), RamRegion.PageHasCode, false);
        }
    }

    /// <summary>The lines of a page that a range touches.</summary>
    /// <param name="offset">First byte in the page.</param>
    /// <param name="length">Bytes, at least 1.</param>
    public static ulong LineMask(int offset, int length)
    {
        int first = offset >> 6;
        int last = Math.Min(63, (offset + length - 1) >> 6);
        return (ulong.MaxValue << first) & (ulong.MaxValue >> (63 - last));
    }

    private bool WrittenOnPage(ulong page, ulong start, ulong end)
    {
        if (!_pages.TryGetValue(page, out CodePage? code))
        {
            return true;
        }

        if ((code.Lines & LineMask((int)(start - page), (int)(end - start))) == 0)
        {
            return false;
        }

        ulong lines = 0;
        int kept = 0;
        for (int i = 0; i < code.Blocks.Count; i++)
        {
            Block* block = (Block*)code.Blocks[i];
            if (block->Stale != 0)
            {
                continue;
            }

            bool isSecond = block->SecondPage == page && (block->Physical & ~0xFFFUL) != page;
            ulong blockStart = isSecond ? page : block->Physical;
            ulong blockEnd = isSecond ? page + ((block->Physical & 0xFFF) + (ulong)block->Length - 0x1000) : block->Physical + (ulong)block->Length;
            if (blockStart < end && start < blockEnd)
            {
                Drop(block);
                continue;
            }

            code.Blocks[kept++] = (nint)block;
            lines |= LineMask((int)(blockStart - page), (int)(Math.Min(blockEnd, page + 0x1000) - blockStart));
        }

        code.Blocks.RemoveRange(kept, code.Blocks.Count - kept);
        code.Lines = lines;
        _shared?.Settle(_cpu, page, lines);
        if (kept != 0)
        {
            return false;
        }

        _pages.Remove(page);
        if (_shared is null)
        {
            ClearCodeFlag(page);
        }

        return true;
    }

    private void Drop(Block* block)
    {
        block->Stale = 1;
        Invalidated++;
        if (block->Host != null)
        {
            Rewritten.Note(block->Physical & ~0xFFFUL, _state->Retired);
        }

        _cpu.Translator?.Unlink(block);
        Block** link = _buckets + Hash(block->Physical, block->Rip);
        while (*link != null && *link != block)
        {
            link = &(*link)->NextInBucket;
        }

        if (*link == block)
        {
            *link = block->NextInBucket;
        }

        if (block == _state->CurrentBlock)
        {
            // The instruction that writes finishes; whatever follows it in this block must be fetched anew.
            for (int i = 0; i < block->Count; i++)
            {
                block->Ops[i].Fn = BlockDecoder.EndOp;
            }

            if (_state->FaultVector == Fault.None)
            {
                _state->FaultVector = Fault.Abandoned;
            }
        }
    }
}
