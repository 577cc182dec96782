using System.Runtime.InteropServices;

namespace EmuPS.Cpu.State;

/// <summary>A segment register with its hidden part (SDM vol. 3, 3.4.3).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Segment
{
    /// <summary>Linear address of the segment.</summary>
    public ulong Base;

    /// <summary>Last valid offset in bytes (granularity applied).</summary>
    public uint Limit;

    /// <summary>The visible selector.</summary>
    public ushort Selector;

    /// <summary>Access rights: bits 8 to 15 and 20 to 23 of the descriptor's upper half, shifted right by 8 (type 3:0, S 4, DPL 6:5, P 7, AVL 12, L 13, D/B 14, G 15). Zero means unusable (null).</summary>
    public ushort Attributes;

    /// <summary>Descriptor privilege level.</summary>
    public readonly int Dpl => (Attributes >> 5) & 3;

    /// <summary>64-bit code segment.</summary>
    public readonly bool IsLong => (Attributes & 0x2000) != 0;

    /// <summary>Default operand size 32 (code) or 32-bit stack (data).</summary>
    public readonly bool IsBig => (Attributes & 0x4000) != 0;

    /// <summary>From 0 to 4 GiB, so that offsets are linear addresses.</summary>
    public readonly bool IsFlat => Base == 0 && Limit == uint.MaxValue;

    /// <summary>Present bit.</summary>
    public readonly bool IsPresent => (Attributes & 0x80) != 0;
}
