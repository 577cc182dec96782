using System.Runtime.InteropServices;
using EmuPS.Cpu.Interpreter;

namespace EmuPS.Cpu.CodeCache;

/// <summary>A decoded run of instructions on one physical page that ends at a control transfer, a mode change or the page's end.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Block
{
    /// <summary>The first op; the others follow it.</summary>
    public Op* Ops;

    /// <summary>Linear address of the first instruction (RIP plus the code segment's base where that is not zero is never cached across bases).</summary>
    public ulong Rip;

    /// <summary>Guest physical address of the first byte.</summary>
    public ulong Physical;

    /// <summary>Code segment base the block was decoded for.</summary>
    public ulong CsBase;

    /// <summary>Mode bits of <see cref="State.CpuMode"/>.</summary>
    public uint Mode;

    /// <summary>Number of ops.</summary>
    public int Count;

    /// <summary>Bytes of guest code.</summary>
    public int Length;

    /// <summary>0 while valid; 1 once its bytes were written.</summary>
    public int Stale;

    /// <summary>Next block in the hash bucket.</summary>
    public Block* NextInBucket;

    /// <summary>Next block that starts on the same physical page.</summary>
    public Block* NextOnPage;
}
