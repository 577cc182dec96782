using System;
using EmuPS.Core.Native;

namespace EmuPS.Cpu.Translation;

/// <summary>Executable host memory: the front half for code that runs, the back half for its rare paths. Handed out front to back, taken back all at once.</summary>
internal sealed unsafe class CodeRegion : IDisposable
{
    // Distances inside must fit 32 bits; a booted Linux with a few programs fills about a third of it.
    private const ulong Size = 128UL << 20;

    // What one block may need at most in either half, with a wide margin.
    private const int Reserve = 64 << 10;

    private byte* _base = HostMemory.AllocateExecutable(Size);
    private byte* _firstHot;
    private byte* _firstCold;

    /// <summary>Makes an empty region.</summary>
    /// <exception cref="OutOfMemoryException">The host allows no executable memory.</exception>
    public CodeRegion()
    {
        Hot.Position = _base;
        Cold.Position = _base + (Size / 2);
        Keep();
    }

    /// <summary>Writes code that runs.</summary>
    public HostAssembler Hot { get; } = new();

    /// <summary>Writes rare paths.</summary>
    public HostAssembler Cold { get; } = new();

    /// <summary>Whether another block may not fit.</summary>
    public bool IsFull => Hot.Position + Reserve > _base + (Size / 2) || Cold.Position + Reserve > _base + Size;

    /// <summary>Bytes of code written.</summary>
    public long Used => (Hot.Position - _base) + (Cold.Position - (_base + (Size / 2)));

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
    public void Dispose()
    {
        HostMemory.Free(_base, Size);
        _base = null;
    }
}
