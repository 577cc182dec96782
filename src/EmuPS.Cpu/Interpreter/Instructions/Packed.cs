using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The operand shapes of every instruction that computes a vector register from itself and a second operand, in XMM and in MMX registers. Legacy SSE forms keep the upper half of the YMM register.</summary>
internal static unsafe class Packed
{
    /// <summary>What such an instruction does. An MMX instruction uses the low halves; the upper half of its result is ignored.</summary>
    public interface IOperation
    {
        /// <summary>Computes the result.</summary>
        /// <param name="a">Operand 0.</param>
        /// <param name="b">Operand 1, zero-extended when it is shorter than 16 bytes and comes from memory or an MMX register; of a shift by an immediate, the count.</param>
        /// <param name="immediate">The immediate byte, zero-extended.</param>
        static abstract Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate);
    }

    /// <summary>Whether a 16-byte memory operand must be aligned.</summary>
    public interface IAlignment
    {
        /// <summary>True when misalignment is #GP(0).</summary>
        static abstract bool Required { get; }
    }

    /// <summary>Chooses the handler of an instruction that does the same in both register files.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool Bind<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, IOperation
        => Bind<TOp, TOp>(i, op, mode);

    /// <summary>Chooses the handler.</summary>
    /// <typeparam name="TOp">The operation on XMM registers.</typeparam>
    /// <typeparam name="TMmx">The operation on MMX registers.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool Bind<TOp, TMmx>(in Instruction i, Op* op, uint mode)
        where TOp : struct, IOperation
        where TMmx : struct, IOperation
    {
        bool flat = Operand.IsFlat(op);
        bool immediate = Operand.IsImmediate(i, 1);
        if (i.GetOpRegister(0).IsMM())
        {
            op->Fn = op->MemoryOperand != 1
                ? immediate ? &MmxImmediate<TMmx> : &MmxRegister<TMmx>
                : i.MemorySize.GetSize() == 4
                    ? &MmxMemory<TMmx, uint, Operand.Any>
                    : flat ? &MmxMemory<TMmx, ulong, Operand.Flat> : &MmxMemory<TMmx, ulong, Operand.Any>;
            return true;
        }

        op->Fn = op->MemoryOperand != 1
            ? immediate ? &Immediate<TOp> : &Register<TOp>
            : i.MemorySize.GetSize() switch
            {
                2 => &FromMemory<TOp, ushort, Operand.Any>,
                4 => &FromMemory<TOp, uint, Operand.Any>,
                8 => flat ? &FromMemory<TOp, ulong, Operand.Flat> : &FromMemory<TOp, ulong, Operand.Any>,
                _ => flat ? &FromMemory<TOp, Vector128<byte>, Operand.Flat> : &FromMemory<TOp, Vector128<byte>, Operand.Any>,
            };
        return true;
    }

    /// <summary>The low 16 bytes of a vector register.</summary>
    /// <param name="s">The state.</param>
    /// <param name="offset">State offset of the register.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte>* Xmm(CpuState* s, int offset) => (Vector128<byte>*)((byte*)s + offset);

    /// <summary>An operand as a vector, zero-extended.</summary>
    /// <typeparam name="T">The operand's size.</typeparam>
    /// <param name="p">Host address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Get<T>(T* p)
        where T : unmanaged
        => sizeof(T) == 16 ? *(Vector128<byte>*)p : Vector128.CreateScalar(Operand.Get<T>(p)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Register<TOp>(CpuState* s, Op* op)
        where TOp : struct, IOperation
    {
        if (!VectorState.SseEnabled(s))
        {
            return VectorState.RaiseSse(s, op);
        }

        Vector128<byte>* destination = Xmm(s, op->Dst);
        *destination = TOp.Apply(*destination, *Xmm(s, op->Src), (byte)op->Imm);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Immediate<TOp>(CpuState* s, Op* op)
        where TOp : struct, IOperation
    {
        if (!VectorState.SseEnabled(s))
        {
            return VectorState.RaiseSse(s, op);
        }

        Vector128<byte>* destination = Xmm(s, op->Dst);
        *destination = TOp.Apply(*destination, Vector128.CreateScalar((ulong)(byte)op->Imm).AsByte(), (byte)op->Imm);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FromMemory<TOp, T, TAddress>(CpuState* s, Op* op)
        where TOp : struct, IOperation
        where T : unmanaged
        where TAddress : struct, Operand.IAddress
    {
        if (!VectorState.SseAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        ulong address = TAddress.Of(s, op);
        if (sizeof(T) == 16 && !VectorState.Aligned16(s, address))
        {
            return Fault.Raise(s, op);
        }

        T* p = Memory.Load<T>(s, address);
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Vector128<byte>* destination = Xmm(s, op->Dst);
        *destination = TOp.Apply(*destination, Get(p), (byte)op->Imm);
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
        Mmx.Write(s, op->Dst, Low<TOp>(Mmx.Read(s, op->Dst), Mmx.Read(s, op->Src), (byte)op->Imm));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxImmediate<TOp>(CpuState* s, Op* op)
        where TOp : struct, IOperation
    {
        if (!VectorState.MmxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        Mmx.Write(s, op->Dst, Low<TOp>(Mmx.Read(s, op->Dst), (byte)op->Imm, (byte)op->Imm));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxMemory<TOp, T, TAddress>(CpuState* s, Op* op)
        where TOp : struct, IOperation
        where T : unmanaged
        where TAddress : struct, Operand.IAddress
    {
        if (!VectorState.MmxAvailable(s))
        {
            return Fault.Raise(s, op);
        }

        T* p = Memory.Load<T>(s, TAddress.Of(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Mmx.Enter(s);
        Mmx.Write(s, op->Dst, Low<TOp>(Mmx.Read(s, op->Dst), Operand.Get<T>(p), (byte)op->Imm));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Low<TOp>(ulong a, ulong b, int immediate)
        where TOp : struct, IOperation
        => TOp.Apply(Vector128.CreateScalar(a).AsByte(), Vector128.CreateScalar(b).AsByte(), immediate).AsUInt64().ToScalar();

    /// <summary>16-byte operands must be aligned.</summary>
    public readonly struct Aligned : IAlignment
    {
        public static bool Required => true;
    }

    /// <summary>Any address will do.</summary>
    public readonly struct Unaligned : IAlignment
    {
        public static bool Required => false;
    }

    /// <summary>The result is operand 1.</summary>
    public readonly struct Second : IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate) => b;
    }

    /// <summary>An operation on the MMX operands joined to one vector, operand 0 below operand 1: what packing and horizontal instructions do in 64 bits.</summary>
    /// <typeparam name="TOp">The operation; its operand 1 is zero.</typeparam>
    public readonly struct Joined<TOp> : IOperation
        where TOp : struct, IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => TOp.Apply(Vector128.Create(a.GetLower(), b.GetLower()), Vector128<byte>.Zero, immediate);
    }
}
