using System.Runtime.InteropServices;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter;

/// <summary>One decoded instruction: the handler and its operands, ready for execution. Ops of a block lie one behind the other.</summary>
/// <remarks>Register operands are byte offsets into <see cref="CpuState"/>, so that AH is the offset of RAX plus 1 and "no register" is a slot that reads zero.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Op
{
    /// <summary>The handler. It ends in <c>return (op + 1)->Fn(s, op + 1);</c>; a block's last op and a fault return null.</summary>
    public delegate*<CpuState*, Op*, Op*> Fn;

    /// <summary>Immediate operand, sign-extended; of a near branch, the target address.</summary>
    public ulong Imm;

    /// <summary>Address displacement, sign-extended. RIP-relative addresses are already absolute here.</summary>
    public ulong Disp;

    /// <summary>Address (RIP) of this instruction.</summary>
    public ulong Rip;

    /// <summary>Address of the following instruction.</summary>
    public ulong NextRip;

    /// <summary>State offset of operand 0 when it is a register.</summary>
    public ushort Dst;

    /// <summary>State offset of operand 1 when it is a register.</summary>
    public ushort Src;

    /// <summary>State offset of operand 2 when it is a register.</summary>
    public ushort Src2;

    /// <summary>State offset of the address's base register, or of the zero slot.</summary>
    public byte Base;

    /// <summary>State offset of the address's index register, or of the zero slot.</summary>
    public byte Index;

    /// <summary>Left shift of the index: 0 to 3.</summary>
    public byte Scale;

    /// <summary>Segment of the memory operand (<see cref="SegmentIndex"/>).</summary>
    public byte Seg;

    /// <summary>Which operand is in memory: 0, 1, 2, or 0xFF for none.</summary>
    public byte MemoryOperand;

    /// <summary>Bits of <see cref="OpFlags"/>.</summary>
    public byte Flags;

    /// <summary>Iced's <c>Code</c> of the instruction: for diagnostics, and for handlers that serve several codes.</summary>
    public ushort Code;

    /// <summary>Free for the family: a second immediate, a register number, a condition.</summary>
    public ushort Aux;
}
