using System.Runtime.CompilerServices;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The operand shapes of instructions that compute a register from operands 1 and 2. The operation gets operand 1 first.</summary>
internal static unsafe class Ternary
{
    /// <summary>Chooses the handler.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool Bind<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, Binary.IOperation
    {
        bool immediate = Operand.IsImmediate(i, 2);
        op->Fn = i.GetOpRegister(0).GetSize() switch
        {
            2 => Choose<TOp, ushort>(op, immediate),
            4 => Choose<TOp, uint>(op, immediate),
            _ => Choose<TOp, ulong>(op, immediate),
        };
        return true;
    }

    private static delegate*<CpuState*, Op*, Op*> Choose<TOp, T>(Op* op, bool immediate)
        where TOp : struct, Binary.IOperation
        where T : unmanaged
        => op->MemoryOperand switch
        {
            1 => immediate ? &FirstInMemory<TOp, T, Operand.Immediate> : &FirstInMemory<TOp, T, Operand.Third>,
            2 => &SecondInMemory<TOp, T>,
            _ => immediate ? &Registers<TOp, T, Operand.Immediate> : &Registers<TOp, T, Operand.Third>,
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Registers<TOp, T, TSecond>(CpuState* s, Op* op)
        where TOp : struct, Binary.IOperation
        where T : unmanaged
        where TSecond : struct, Operand.ISource
    {
        Operand.Write<T>(s, op->Dst, TOp.Apply(s, Operand.Read<T>(s, op->Src), TSecond.Get<T>(s, op), sizeof(T) * 8));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FirstInMemory<TOp, T, TSecond>(CpuState* s, Op* op)
        where TOp : struct, Binary.IOperation
        where T : unmanaged
        where TSecond : struct, Operand.ISource
    {
        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Operand.Write<T>(s, op->Dst, TOp.Apply(s, Operand.Get<T>(p), TSecond.Get<T>(s, op), sizeof(T) * 8));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* SecondInMemory<TOp, T>(CpuState* s, Op* op)
        where TOp : struct, Binary.IOperation
        where T : unmanaged
    {
        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Operand.Write<T>(s, op->Dst, TOp.Apply(s, Operand.Read<T>(s, op->Src), Operand.Get<T>(p), sizeof(T) * 8));
        return (op + 1)->Fn(s, op + 1);
    }
}
