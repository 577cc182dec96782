using System.Runtime.CompilerServices;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The operand shapes of instructions that compute operand 0 from itself. The operation is a <see cref="Binary.IOperation"/> whose second operand is not used.</summary>
internal static unsafe class Unary
{
    /// <summary>Chooses the handler.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool Bind<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, Binary.IOperation
    {
        op->Fn = Operand.Size(i, 0) switch
        {
            1 => Choose<TOp, byte>(op),
            2 => Choose<TOp, ushort>(op),
            4 => Choose<TOp, uint>(op),
            _ => Choose<TOp, ulong>(op),
        };
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* OnRegister<TOp, T>(CpuState* s, Op* op)
        where TOp : struct, Binary.IOperation
        where T : unmanaged
    {
        Operand.Write<T>(s, op->Dst, TOp.Apply(s, Operand.Read<T>(s, op->Dst), 0, sizeof(T) * 8));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* OnMemory<TOp, T, TAddress>(CpuState* s, Op* op)
        where TOp : struct, Binary.IOperation
        where T : unmanaged
        where TAddress : struct, Operand.IAddress
    {
        T* p = Memory.Modify<T>(s, TAddress.Of(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Operand.Set<T>(p, TOp.Apply(s, Operand.Get<T>(p), 0, sizeof(T) * 8));
        Memory.Commit(s, p);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* OnMemoryLocked<TOp, T>(CpuState* s, Op* op)
        where TOp : struct, Binary.IOperation
        where T : unmanaged
    {
        T* p = Memory.ModifyLocked<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Binary.Atomically<TOp, T>(s, p, 0);
        return (op + 1)->Fn(s, op + 1);
    }

    private static delegate*<CpuState*, Op*, Op*> Choose<TOp, T>(Op* op)
        where TOp : struct, Binary.IOperation
        where T : unmanaged
    {
        if (op->MemoryOperand != 0)
        {
            return &OnRegister<TOp, T>;
        }

        if ((op->Flags & OpFlags.Locked) != 0)
        {
            return &OnMemoryLocked<TOp, T>;
        }

        return Operand.IsFlat(op) ? &OnMemory<TOp, T, Operand.Flat> : &OnMemory<TOp, T, Operand.Any>;
    }
}
