using System.Runtime.InteropServices;

namespace EmuPS.Cpu.CodeCache;

/// <summary>An entry of the jump cache: from RIP straight to a block, as long as no translation was forgotten.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct JumpEntry
{
    /// <summary>RIP of the block.</summary>
    public ulong Rip;

    /// <summary>Code segment base.</summary>
    public ulong CsBase;

    /// <summary>Mode bits, and above them the generation in which the entry counts.</summary>
    public ulong ModeAndGeneration;

    /// <summary>The block.</summary>
    public Block* Block;
}
