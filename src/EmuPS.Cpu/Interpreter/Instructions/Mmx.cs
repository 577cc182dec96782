using System.Runtime.CompilerServices;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The MMX side of the x87 registers (SDM vol. 1, 9.2 and vol. 3, 13.2): MMn is the significand of physical register Rn.</summary>
internal static unsafe class Mmx
{
    /// <summary>FSW.TOP.</summary>
    private const ushort StackTop = 7 << 11;

    /// <summary>What every MMX instruction but EMMS does to the x87 state: the stack top becomes 0 and all registers count as in use. To be called when nothing can fault any more.</summary>
    /// <param name="s">The state.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(CpuState* s)
    {
        s->Fsw &= unchecked((ushort)~StackTop);
        s->Ftw = 0xFF;
    }

    /// <summary>Marks an MMX register as written: sign and exponent become ones.</summary>
    /// <param name="s">The state.</param>
    /// <param name="offset">State offset of the register.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Written(CpuState* s, int offset) => *(ushort*)((byte*)s + offset + 8) = 0xFFFF;

    /// <summary>Reads an MMX register.</summary>
    /// <param name="s">The state.</param>
    /// <param name="offset">State offset of the register.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(CpuState* s, int offset) => *(ulong*)((byte*)s + offset);

    /// <summary>Writes an MMX register.</summary>
    /// <param name="s">The state.</param>
    /// <param name="offset">State offset of the register.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(CpuState* s, int offset, ulong value)
    {
        *(ulong*)((byte*)s + offset) = value;
        Written(s, offset);
    }
}
