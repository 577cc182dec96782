using System;
using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Floating-point instructions that work across elements: ADDSUB, HADD, HSUB (SSE3) and DP (SSE4.1).</summary>
internal static unsafe class SseHorizontal
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Addsubps, &Bind<AlternateSingles>);
        table.Add(Mnemonic.Addsubpd, &Bind<AlternateDoubles>);
        table.Add(Mnemonic.Haddps, &Bind<PairSingles<SseArithmetic.Arithmetic<SseArithmetic.Add>>>);
        table.Add(Mnemonic.Haddpd, &Bind<PairDoubles<SseArithmetic.Arithmetic<SseArithmetic.Add>>>);
        table.Add(Mnemonic.Hsubps, &Bind<PairSingles<SseArithmetic.Arithmetic<SseArithmetic.Subtract>>>);
        table.Add(Mnemonic.Hsubpd, &Bind<PairDoubles<SseArithmetic.Arithmetic<SseArithmetic.Subtract>>>);
        table.Add(Mnemonic.Dpps, &Bind<DotSingles>);
        table.Add(Mnemonic.Dppd, &Bind<DotDoubles>);
    }

    private static bool Bind<TAction>(in Instruction i, Op* op, uint mode)
        where TAction : struct, SseShapes.IAction
        => SseShapes.Bind<TAction, UInt128>(op);

    private static bool Write(CpuState* s, Op* op, in FloatContext c, ulong low, ulong high)
    {
        if (!SseShapes.Finish(s, c))
        {
            return false;
        }

        ulong* destination = (ulong*)((byte*)s + op->Dst);
        destination[0] = low;
        destination[1] = high;
        return true;
    }

    private static ulong Add<TElement>(ref FloatContext c, ulong a, ulong b)
        where TElement : struct, IFloatElement
        => SseArithmetic.Arithmetic<SseArithmetic.Add>.Compute<TElement>(ref c, a, b, 0);

    private static ulong Subtract<TElement>(ref FloatContext c, ulong a, ulong b)
        where TElement : struct, IFloatElement
        => SseArithmetic.Arithmetic<SseArithmetic.Subtract>.Compute<TElement>(ref c, a, b, 0);

    /// <summary>A product, or zero where the immediate's bit leaves it out.</summary>
    private static ulong Product<TElement>(ref FloatContext c, ulong a, ulong b, bool wanted)
        where TElement : struct, IFloatElement
        => wanted ? SseArithmetic.Arithmetic<SseArithmetic.Multiply>.Compute<TElement>(ref c, a, b, 0) : 0;

    private static ulong AlternatePair(ref FloatContext c, ulong a, ulong b)
    {
        ulong low = Subtract<SingleElement>(ref c, (uint)a, (uint)b);
        return low | (Add<SingleElement>(ref c, a >> 32, b >> 32) << 32);
    }

    private readonly struct AlternateSingles : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            ulong* a = (ulong*)((byte*)s + op->Dst);
            ulong* b = (ulong*)source;
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong low = AlternatePair(ref c, a[0], b[0]);
            ulong high = AlternatePair(ref c, a[1], b[1]);
            return Write(s, op, c, low, high);
        }
    }

    private readonly struct AlternateDoubles : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            ulong* a = (ulong*)((byte*)s + op->Dst);
            ulong* b = (ulong*)source;
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong low = Subtract<DoubleElement>(ref c, a[0], b[0]);
            ulong high = Add<DoubleElement>(ref c, a[1], b[1]);
            return Write(s, op, c, low, high);
        }
    }

    private readonly struct PairSingles<TOp> : SseShapes.IAction
        where TOp : struct, SseElements.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            ulong* a = (ulong*)((byte*)s + op->Dst);
            ulong* b = (ulong*)source;
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong low = Pair(ref c, a[0]) | (Pair(ref c, a[1]) << 32);
            ulong high = Pair(ref c, b[0]) | (Pair(ref c, b[1]) << 32);
            return Write(s, op, c, low, high);
        }

        private static ulong Pair(ref FloatContext c, ulong elements)
            => TOp.Compute<SingleElement>(ref c, (uint)elements, elements >> 32, 0);
    }

    private readonly struct PairDoubles<TOp> : SseShapes.IAction
        where TOp : struct, SseElements.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            ulong* a = (ulong*)((byte*)s + op->Dst);
            ulong* b = (ulong*)source;
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong low = TOp.Compute<DoubleElement>(ref c, a[0], a[1], 0);
            ulong high = TOp.Compute<DoubleElement>(ref c, b[0], b[1], 0);
            return Write(s, op, c, low, high);
        }
    }

    /// <summary>DPPS: bits 7:4 of the immediate choose products, bits 3:0 the elements that get the sum. Multiplication, then two levels of additions; an unmasked exception ends it after the step that found it, and the flags of the steps before stay.</summary>
    private readonly struct DotSingles : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            ulong* a = (ulong*)((byte*)s + op->Dst);
            ulong* b = (ulong*)source;
            uint immediate = (uint)op->Imm;
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong first = Product<SingleElement>(ref c, (uint)a[0], (uint)b[0], (immediate & 0x10) != 0);
            ulong second = Product<SingleElement>(ref c, a[0] >> 32, b[0] >> 32, (immediate & 0x20) != 0);
            ulong third = Product<SingleElement>(ref c, (uint)a[1], (uint)b[1], (immediate & 0x40) != 0);
            ulong fourth = Product<SingleElement>(ref c, a[1] >> 32, b[1] >> 32, (immediate & 0x80) != 0);
            if (c.Unmasked != 0)
            {
                return SseShapes.Finish(s, c);
            }

            s->Mxcsr |= c.Flags;
            ulong low = Add<SingleElement>(ref c, first, second);
            ulong high = Add<SingleElement>(ref c, third, fourth);
            if (c.Unmasked != 0)
            {
                return SseShapes.Finish(s, c);
            }

            s->Mxcsr |= c.Flags;
            ulong sum = Add<SingleElement>(ref c, low, high);
            low = ((immediate & 1) != 0 ? sum : 0) | ((immediate & 2) != 0 ? sum << 32 : 0);
            high = ((immediate & 4) != 0 ? sum : 0) | ((immediate & 8) != 0 ? sum << 32 : 0);
            return Write(s, op, c, low, high);
        }
    }

    /// <summary>DPPD: bits 5:4 of the immediate choose products, bits 1:0 the elements that get the sum.</summary>
    private readonly struct DotDoubles : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            ulong* a = (ulong*)((byte*)s + op->Dst);
            ulong* b = (ulong*)source;
            uint immediate = (uint)op->Imm;
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong first = Product<DoubleElement>(ref c, a[0], b[0], (immediate & 0x10) != 0);
            ulong second = Product<DoubleElement>(ref c, a[1], b[1], (immediate & 0x20) != 0);
            if (c.Unmasked != 0)
            {
                return SseShapes.Finish(s, c);
            }

            s->Mxcsr |= c.Flags;
            ulong sum = Add<DoubleElement>(ref c, first, second);
            return Write(s, op, c, (immediate & 1) != 0 ? sum : 0, (immediate & 2) != 0 ? sum : 0);
        }
    }
}
