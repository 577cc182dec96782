using System.Runtime.CompilerServices;
using System.Threading;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The operand shapes of every instruction that computes operand 0 from operand 0 and operand 1.</summary>
internal static unsafe class Binary
{
    /// <summary>What such an instruction does.</summary>
    public interface IOperation
    {
        /// <summary>Whether operand 0 is written.</summary>
        static abstract bool Writes { get; }

        /// <summary>Computes the result and sets the flags.</summary>
        /// <param name="s">The state.</param>
        /// <param name="a">Operand 0, zero-extended.</param>
        /// <param name="b">Operand 1; of an immediate the upper bits may be anything.</param>
        /// <param name="bits">Operand size.</param>
        /// <returns>The result, any upper bits.</returns>
        static abstract ulong Apply(CpuState* s, ulong a, ulong b, int bits);
    }

    /// <summary>Chooses the handler.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool Bind<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, IOperation
    {
        op->Fn = Operand.Size(i, 0) switch
        {
            1 => Choose<TOp, byte>(i, op),
            2 => Choose<TOp, ushort>(i, op),
            4 => Choose<TOp, uint>(i, op),
            _ => Choose<TOp, ulong>(i, op),
        };
        return true;
    }

    /// <summary>Operand 0 a register, operand 1 a register or an immediate.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <typeparam name="T">The operand size.</typeparam>
    /// <typeparam name="TSource">Operand 1.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* ToRegister<TOp, T, TSource>(CpuState* s, Op* op)
        where TOp : struct, IOperation
        where T : unmanaged
        where TSource : struct, Operand.ISource
    {
        ulong result = TOp.Apply(s, Operand.Read<T>(s, op->Dst), TSource.Get<T>(s, op), sizeof(T) * 8);
        if (TOp.Writes)
        {
            Operand.Write<T>(s, op->Dst, result);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>Operand 0 a register, operand 1 in memory.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <typeparam name="T">The operand size.</typeparam>
    /// <typeparam name="TAddress">The address.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* FromMemory<TOp, T, TAddress>(CpuState* s, Op* op)
        where TOp : struct, IOperation
        where T : unmanaged
        where TAddress : struct, Operand.IAddress
    {
        T* p = Memory.Load<T>(s, TAddress.Of(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        ulong result = TOp.Apply(s, Operand.Read<T>(s, op->Dst), Operand.Get<T>(p), sizeof(T) * 8);
        if (TOp.Writes)
        {
            Operand.Write<T>(s, op->Dst, result);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ToMemory<TOp, T, TSource, TAddress>(CpuState* s, Op* op)
        where TOp : struct, IOperation
        where T : unmanaged
        where TSource : struct, Operand.ISource
        where TAddress : struct, Operand.IAddress
    {
        if (TOp.Writes)
        {
            T* p = Memory.Modify<T>(s, TAddress.Of(s, op));
            if (p == null)
            {
                return Fault.Raise(s, op);
            }

            Operand.Set<T>(p, TOp.Apply(s, Operand.Get<T>(p), TSource.Get<T>(s, op), sizeof(T) * 8));
            Memory.Commit(s, p);
        }
        else
        {
            T* p = Memory.Load<T>(s, TAddress.Of(s, op));
            if (p == null)
            {
                return Fault.Raise(s, op);
            }

            TOp.Apply(s, Operand.Get<T>(p), TSource.Get<T>(s, op), sizeof(T) * 8);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ToMemoryLocked<TOp, T, TSource>(CpuState* s, Op* op)
        where TOp : struct, IOperation
        where T : unmanaged
        where TSource : struct, Operand.ISource
    {
        T* p = Memory.ModifyLocked<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Atomically<TOp, T>(s, p, TSource.Get<T>(s, op));
        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>Applies an operation to memory as one atomic step.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <typeparam name="T">The operand size.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="p">What <see cref="Memory.Modify{T}"/> gave.</param>
    /// <param name="b">Operand 1.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Atomically<TOp, T>(CpuState* s, T* p, ulong b)
        where TOp : struct, IOperation
        where T : unmanaged
    {
        ulong flagResult = s->FlagResult;
        ulong flagAux = s->FlagAux;
        while (true)
        {
            ulong old = Operand.Get<T>(p);
            ulong result = TOp.Apply(s, old, b, sizeof(T) * 8);
            if (CompareExchange(s, p, result, old))
            {
                return;
            }

            // Another processor was faster: the operation may read flags (ADC), so it starts again from the old ones.
            s->FlagResult = flagResult;
            s->FlagAux = flagAux;
        }
    }

    /// <summary>Compare-exchange on guest RAM; on the bounce buffer, a plain write that is then committed.</summary>
    /// <typeparam name="T">The operand size.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="p">What <see cref="Memory.Modify{T}"/> gave.</param>
    /// <param name="value">New value, any upper bits.</param>
    /// <param name="expected">Expected value, zero-extended.</param>
    /// <returns>True when the value was written.</returns>
    public static bool CompareExchange<T>(CpuState* s, T* p, ulong value, ulong expected)
        where T : unmanaged
    {
        if (p == s->Bounce)
        {
            Operand.Set<T>(p, value);
            Memory.Commit(s, p);
            return true;
        }

        return sizeof(T) switch
        {
            1 => Interlocked.CompareExchange(ref *(byte*)p, (byte)value, (byte)expected) == (byte)expected,
            2 => Interlocked.CompareExchange(ref *(ushort*)p, (ushort)value, (ushort)expected) == (ushort)expected,
            4 => Interlocked.CompareExchange(ref *(uint*)p, (uint)value, (uint)expected) == (uint)expected,
            _ => Interlocked.CompareExchange(ref *(ulong*)p, value, expected) == expected,
        };
    }

    private static delegate*<CpuState*, Op*, Op*> Choose<TOp, T>(in Instruction i, Op* op)
        where TOp : struct, IOperation
        where T : unmanaged
    {
        bool flat = Operand.IsFlat(op);
        bool immediate = Operand.IsImmediate(i, 1);
        switch (op->MemoryOperand)
        {
            case 0 when (op->Flags & OpFlags.Locked) != 0:
                return immediate ? &ToMemoryLocked<TOp, T, Operand.Immediate> : &ToMemoryLocked<TOp, T, Operand.Source>;
            case 0 when immediate:
                return flat ? &ToMemory<TOp, T, Operand.Immediate, Operand.Flat> : &ToMemory<TOp, T, Operand.Immediate, Operand.Any>;
            case 0:
                return flat ? &ToMemory<TOp, T, Operand.Source, Operand.Flat> : &ToMemory<TOp, T, Operand.Source, Operand.Any>;
            case 1:
                return flat ? &FromMemory<TOp, T, Operand.Flat> : &FromMemory<TOp, T, Operand.Any>;
            default:
                return immediate ? &ToRegister<TOp, T, Operand.Immediate> : &ToRegister<TOp, T, Operand.Source>;
        }
    }
}
