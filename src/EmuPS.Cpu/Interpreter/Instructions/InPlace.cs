using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The operand shapes of vector instructions that are easier told on bytes in place than on vector values: selections by an immediate, flags as the result, implicit operands, long computations.</summary>
internal static unsafe class InPlace
{
    /// <summary>What such an instruction does.</summary>
    public interface IOperation
    {
        /// <summary>Does it. Destination and source may be the same bytes.</summary>
        /// <param name="s">The state.</param>
        /// <param name="op">The op.</param>
        /// <param name="destination">Operand 0, a register: 16 bytes, of an MMX register 8.</param>
        /// <param name="source">Operand 1: a register, or host memory that holds the bytes of the memory operand and no more.</param>
        static abstract void Apply(CpuState* s, Op* op, byte* destination, byte* source);
    }

    /// <summary>Chooses the handler of an instruction of XMM registers.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool Bind<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, IOperation
    {
        op->Fn = op->MemoryOperand != 1
            ? &Register<TOp>
            : i.MemorySize.GetSize() switch
            {
                1 => &FromMemory<TOp, byte, Packed.Unaligned>,
                2 => &FromMemory<TOp, ushort, Packed.Unaligned>,
                4 => &FromMemory<TOp, uint, Packed.Unaligned>,
                8 => &FromMemory<TOp, ulong, Packed.Unaligned>,
                _ => &FromMemory<TOp, Vector128<byte>, Packed.Aligned>,
            };
        return true;
    }

    /// <summary>Chooses the handler of an instruction of XMM registers whose 16-byte memory operand may have any address.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool BindUnaligned<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, IOperation
    {
        op->Fn = op->MemoryOperand != 1 ? &Register<TOp> : &FromMemory<TOp, Vector128<byte>, Packed.Unaligned>;
        return true;
    }

    /// <summary>Chooses the handler of an instruction that exists in both register files and does different things there.</summary>
    /// <typeparam name="TOp">The operation on XMM registers.</typeparam>
    /// <typeparam name="TMmx">The operation on MMX registers.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool Bind<TOp, TMmx>(in Instruction i, Op* op, uint mode)
        where TOp : struct, IOperation
        where TMmx : struct, IOperation
    {
        if (!i.GetOpRegister(0).IsMM())
        {
            return Bind<TOp>(i, op, mode);
        }

        op->Fn = op->MemoryOperand != 1
            ? &MmxRegister<TMmx>
            : i.MemorySize.GetSize() == 2 ? &MmxMemory<TMmx, ushort> : &MmxMemory<TMmx, ulong>;
        return true;
    }

    /// <summary>Both operands registers.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* Register<TOp>(CpuState* s, Op* op)
        where TOp : struct, IOperation
    {
        if (!VectorState.SseEnabled(s))
        {
            return VectorState.RaiseSse(s, op);
        }

        TOp.Apply(s, op, (byte*)s + op->Dst, (byte*)s + op->Src);
        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>Operand 0 a general register, operand 1 an MMX register.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* MmxToGeneral<TOp>(CpuState* s, Op* op)
        where TOp : struct, IOperation
    {
        if (!VectorState.MmxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        TOp.Apply(s, op, (byte*)s + op->Dst, (byte*)s + op->Src);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FromMemory<TOp, T, TAlignment>(CpuState* s, Op* op)
        where TOp : struct, IOperation
        where T : unmanaged
        where TAlignment : struct, Packed.IAlignment
    {
        if (!VectorState.SseAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        ulong address = Address.Any(s, op);
        if (TAlignment.Required && !VectorState.Aligned16(s, address))
        {
            return Fault.Raise(s, op);
        }

        T* p = Memory.Load<T>(s, address);
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        TOp.Apply(s, op, (byte*)s + op->Dst, (byte*)p);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxRegister<TOp>(CpuState* s, Op* op)
        where TOp : struct, IOperation
    {
        if (!VectorState.MmxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        TOp.Apply(s, op, (byte*)s + op->Dst, (byte*)s + op->Src);
        Mmx.Written(s, op->Dst);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxMemory<TOp, T>(CpuState* s, Op* op)
        where TOp : struct, IOperation
        where T : unmanaged
    {
        if (!VectorState.MmxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        TOp.Apply(s, op, (byte*)s + op->Dst, (byte*)p);
        Mmx.Written(s, op->Dst);
        return (op + 1)->Fn(s, op + 1);
    }
}
