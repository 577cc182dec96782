using System;
using EmuPS.Core.Native;

namespace EmuPS.Cpu.Translation;

/// <summary>Host memory for blocks: the front half for code that runs, the back half for its rare paths. Handed out front to back, taken back all at once.</summary>
internal sealed unsafe class CodeRegion : IDisposable
{
    // Distances inside must fit 32 bits; a booted Linux with a few programs fills about a third of it. Several processors divide it, but a quarter is the least that serves.
    private const ulong FullSize = 128UL << 20;
    private const ulong LeastSize = 32UL << 20;

    // What one block may need at most in either half, with a wide margin.
    private const int Reserve = 64 << 10;

    // A Linux's code is spread over more small pages than the processor keeps translations for; the begin of either half is enough for a small guest.
    private const ulong SmallPagedBytes = 2UL << 20;

    private readonly CodeMemory _memory;
    private readonly ulong _size;
    private readonly byte* _base;
    private byte* _firstHot;
    private byte* _firstCold;

    /// <summary>Makes an empty region.</summary>
    /// <param name="processors">Number of processors of the machine, each of which has a region.</param>
    /// <param name="splitWx">Whether code is written through a second view, or null where the host demands it; see <see cref="CodeMemory.Allocate"/>.</param>
    /// <exception cref="OutOfMemoryException">The host allows no executable memory.</exception>
    public CodeRegion(int processors = 1, bool? splitWx = null)
    {
        _size = (ulong.Max(LeastSize, FullSize / (ulong)processors) + 0xFFFF) & ~0xFFFFUL;
        _memory = CodeMemory.Allocate(_size, splitWx);
        _base = _memory.Start;
        if (!_memory.IsSplit)
        {
            HostMapping.PreferHugePagesBehind(_base, _size / 2, SmallPagedBytes);
            HostMapping.PreferHugePagesBehind(_base + (_size / 2), _size / 2, SmallPagedBytes);
        }

        Hot = new HostAssembler { Position = _base, ToWritable = _memory.ToWritable };
        Cold = new HostAssembler { Position = _base + (_size / 2), ToWritable = _memory.ToWritable };
        Keep();
    }

    /// <summary>Writes code that runs.</summary>
    public HostAssembler Hot { get; }

    /// <summary>Writes rare paths.</summary>
    public HostAssembler Cold { get; }

    /// <summary>Whether another block may not fit.</summary>
    public bool IsFull => Hot.Position + Reserve > _base + (_size / 2) || Cold.Position + Reserve > _base + _size;

    /// <summary>Whether code is written through a second view.</summary>
    public bool IsSplit => _memory.IsSplit;

    /// <summary>Bytes of code written.</summary>
    public long Used => (Hot.Position - _base) + (Cold.Position - (_base + (_size / 2)));

    /// <summary>What was written so far survives a flush: the thunks.</summary>
    public void Keep()
    {
        _firstHot = Hot.Position;
        _firstCold = Cold.Position;
    }

    /// <summary>Takes all blocks' memory back.</summary>
    public void Flush()
    {
        Hot.Position = _firstHot;
        Cold.Position = _firstCold;
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose() => _memory.Dispose();
}
