using System.Runtime.CompilerServices;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter;

/// <summary>Computes the linear address of a memory operand.</summary>
internal static unsafe class Address
{
    /// <summary>The address of an op with <see cref="OpFlags.FlatAddress"/>.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Flat(CpuState* s, Op* op)
        => *(ulong*)((byte*)s + op->Base) + (*(ulong*)((byte*)s + op->Index) << op->Scale) + op->Disp;

    /// <summary>The address of any op: offset cut to the address size, plus the segment base. Outside 64-bit mode the sum wraps at 4 GiB.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    public static ulong Any(CpuState* s, Op* op)
    {
        ulong offset = Offset(s, op);
        if ((op->Flags & (OpFlags.FlatAddress | OpFlags.NoSegment)) != 0)
        {
            return offset;
        }

        ulong address = offset + CpuState.Seg(s, op->Seg)->Base;
        return (s->Mode & CpuMode.Long64) != 0 ? address : (uint)address;
    }

    /// <summary>The offset inside the segment, cut to the address size: what LEA gives.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    public static ulong Offset(CpuState* s, Op* op)
    {
        ulong offset = Flat(s, op);
        return (op->Flags & OpFlags.Address32) != 0 ? (uint)offset : (op->Flags & OpFlags.Address16) != 0 ? (ushort)offset : offset;
    }
}
