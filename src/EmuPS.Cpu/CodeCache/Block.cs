using System.Runtime.InteropServices;
using EmuPS.Cpu.Interpreter;

namespace EmuPS.Cpu.CodeCache;

/// <summary>A decoded run of instructions that ends at a control transfer, a mode change or the physical page's end. Its ops lie directly behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Block
{
    /// <summary>The first op; the others follow it, and behind the last one an op that ends the block.</summary>
    public Op* Ops;

    /// <summary>Next block in the hash bucket. Beside what the search compares, so that a step costs one cache line.</summary>
    public Block* NextInBucket;

    /// <summary>RIP of the first instruction.</summary>
    public ulong Rip;

    /// <summary>Guest physical address of the first byte.</summary>
    public ulong Physical;

    /// <summary>Guest physical address of the second page when a block's only instruction crosses into it; otherwise 0.</summary>
    public ulong SecondPage;

    /// <summary>Code segment base the block was decoded for.</summary>
    public ulong CsBase;

    /// <summary>Mode bits of <see cref="State.CpuMode"/>.</summary>
    public uint Mode;

    /// <summary>Number of instructions.</summary>
    public int Count;

    /// <summary>Bytes of guest code.</summary>
    public int Length;

    /// <summary>0 while valid; 1 once its bytes were written.</summary>
    public int Stale;

    /// <summary>Times the interpreter executed it, up to the translation.</summary>
    public int Executions;

    /// <summary>Misses of page cells that are still allowed before somebody asks whether the cells are worth it.</summary>
    public int CellMisses;

    /// <summary>1 once they were found not to be: then only those of the stack are used.</summary>
    public int WithoutCells;

    /// <summary>Instructions that were completed when <see cref="CellMisses"/> was last set.</summary>
    public ulong CellMark;

    /// <summary>1 once it waited because its page is rewritten again and again; then it is translated at last.</summary>
    public int HasWaited;

    /// <summary>Host code; null until translated. Entry of forward jumps inside the page.</summary>
    public byte* Host;

    /// <summary>Host code that looks at the exit word first: entry of backward jumps and of the loop in C#.</summary>
    public byte* HostPoll;

    /// <summary>Host code that checks R10 against the block's address first: entry of indirect jumps.</summary>
    public byte* HostIndirect;

    /// <summary>Host code that goes back to C# to look for this block's address.</summary>
    public byte* HostSelf;
}
