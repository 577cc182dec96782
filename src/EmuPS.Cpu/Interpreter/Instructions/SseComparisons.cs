using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>MIN, MAX, CMP, COMI, UCOMI, ROUND, and the approximations RCP and RSQRT.</summary>
internal static unsafe class SseComparisons
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Minps, &SseArithmetic.Packed<Minimum, SingleElement>);
        table.Add(Mnemonic.Minpd, &SseArithmetic.Packed<Minimum, DoubleElement>);
        table.Add(Mnemonic.Minss, &SseArithmetic.Scalar<Minimum, SingleElement, uint>);
        table.Add(Mnemonic.Minsd, &SseArithmetic.Scalar<Minimum, DoubleElement, ulong>);
        table.Add(Mnemonic.Maxps, &SseArithmetic.Packed<Maximum, SingleElement>);
        table.Add(Mnemonic.Maxpd, &SseArithmetic.Packed<Maximum, DoubleElement>);
        table.Add(Mnemonic.Maxss, &SseArithmetic.Scalar<Maximum, SingleElement, uint>);
        table.Add(Mnemonic.Maxsd, &SseArithmetic.Scalar<Maximum, DoubleElement, ulong>);
        table.Add(Mnemonic.Cmpps, &SseArithmetic.Packed<Compare, SingleElement>);
        table.Add(Mnemonic.Cmppd, &SseArithmetic.Packed<Compare, DoubleElement>);
        table.Add(Mnemonic.Cmpss, &SseArithmetic.Scalar<Compare, SingleElement, uint>);
        table.Add(Mnemonic.Cmpsd, &BindCmpsd);
        table.Add(Mnemonic.Roundps, &SseArithmetic.Packed<Round, SingleElement>);
        table.Add(Mnemonic.Roundpd, &SseArithmetic.Packed<Round, DoubleElement>);
        table.Add(Mnemonic.Roundss, &SseArithmetic.Scalar<Round, SingleElement, uint>);
        table.Add(Mnemonic.Roundsd, &SseArithmetic.Scalar<Round, DoubleElement, ulong>);
        table.Add(Mnemonic.Rcpps, &SseArithmetic.Packed<Reciprocal, SingleElement>);
        table.Add(Mnemonic.Rcpss, &SseArithmetic.Scalar<Reciprocal, SingleElement, uint>);
        table.Add(Mnemonic.Rsqrtps, &SseArithmetic.Packed<ReciprocalSquareRoot, SingleElement>);
        table.Add(Mnemonic.Rsqrtss, &SseArithmetic.Scalar<ReciprocalSquareRoot, SingleElement, uint>);
        table.Add(Mnemonic.Comiss, &BindFlags<SingleElement, uint, Signalling>);
        table.Add(Mnemonic.Comisd, &BindFlags<DoubleElement, ulong, Signalling>);
        table.Add(Mnemonic.Ucomiss, &BindFlags<SingleElement, uint, Quiet>);
        table.Add(Mnemonic.Ucomisd, &BindFlags<DoubleElement, ulong, Quiet>);
    }

    private interface IQuietness
    {
        static abstract bool QuietIsInvalid { get; }
    }

    private static bool BindCmpsd(in Instruction i, Op* op, uint mode)
        => !i.IsStringInstruction && SseArithmetic.Scalar<Compare, DoubleElement, ulong>(i, op, mode);

    private static bool BindFlags<TElement, T, TQuietness>(in Instruction i, Op* op, uint mode)
        where TElement : struct, IFloatElement
        where T : unmanaged
        where TQuietness : struct, IQuietness
        => SseShapes.Bind<CompareToFlags<TElement, TQuietness>, T>(op);

    /// <summary>Selects by a comparison: operand 1 whenever the comparison says nothing.</summary>
    private static ulong Select<TElement>(ref FloatContext c, ulong a, ulong b, FloatRelation wanted)
        where TElement : struct, IFloatElement
    {
        FloatValue first = TElement.Unpack(a, c.DenormalsAreZero);
        FloatValue second = TElement.Unpack(b, c.DenormalsAreZero);
        return FloatComparison.Compare(ref c, first, second, quietIsInvalid: true) == wanted ? TElement.Pack(first) : TElement.Pack(second);
    }

    /// <summary>MIN.</summary>
    private readonly struct Minimum : SseElements.IOperation
    {
        public static ulong Compute<TElement>(ref FloatContext c, ulong a, ulong b, uint immediate)
            where TElement : struct, IFloatElement
            => Select<TElement>(ref c, a, b, FloatRelation.Less);
    }

    /// <summary>MAX.</summary>
    private readonly struct Maximum : SseElements.IOperation
    {
        public static ulong Compute<TElement>(ref FloatContext c, ulong a, ulong b, uint immediate)
            where TElement : struct, IFloatElement
            => Select<TElement>(ref c, a, b, FloatRelation.Greater);
    }

    /// <summary>CMP: predicates EQ, LT, LE, UNORD and their negations.</summary>
    private readonly struct Compare : SseElements.IOperation
    {
        public static ulong Compute<TElement>(ref FloatContext c, ulong a, ulong b, uint immediate)
            where TElement : struct, IFloatElement
        {
            bool ordering = (immediate & 3) is 1 or 2;
            FloatRelation relation = FloatComparison.Compare(
                ref c, TElement.Unpack(a, c.DenormalsAreZero), TElement.Unpack(b, c.DenormalsAreZero), quietIsInvalid: ordering);
            bool holds = (immediate & 3) switch
            {
                0 => relation == FloatRelation.Equal,
                1 => relation == FloatRelation.Less,
                2 => relation is FloatRelation.Less or FloatRelation.Equal,
                _ => relation == FloatRelation.Unordered,
            };
            return holds != ((immediate & 4) != 0) ? ulong.MaxValue : 0;
        }
    }

    /// <summary>ROUND: bits 1:0 of the immediate are the rounding unless bit 2 takes MXCSR's; bit 3 hides PE.</summary>
    private readonly struct Round : SseElements.IOperation
    {
        public static ulong Compute<TElement>(ref FloatContext c, ulong a, ulong b, uint immediate)
            where TElement : struct, IFloatElement
        {
            RoundingMode rounding = (immediate & 4) != 0 ? c.Rounding : (RoundingMode)(immediate & 3);
            uint before = c.Flags;
            FloatValue result = FloatInteger.RoundToIntegral(ref c, TElement.Unpack(b, c.DenormalsAreZero), rounding);
            if ((immediate & 8) != 0)
            {
                c.Flags = (c.Flags & ~FloatFlags.Precision) | (before & FloatFlags.Precision);
            }

            return TElement.Pack(result);
        }
    }

    /// <summary>RCP: relative error at most 1.5 * 2^-12, no exceptions. The bits of the approximation are the host's, as they are in translated code.</summary>
    private readonly struct Reciprocal : SseElements.IOperation
    {
        public static ulong Compute<TElement>(ref FloatContext c, ulong a, ulong b, uint immediate)
            where TElement : struct, IFloatElement
            => Sse.IsSupported
                ? Sse.ReciprocalScalar(Vector128.CreateScalar((uint)b).AsSingle()).AsUInt32().ToScalar()
                : SoftApproximation((uint)b, squareRoot: false);
    }

    /// <summary>RSQRT: relative error at most 1.5 * 2^-12, no exceptions.</summary>
    private readonly struct ReciprocalSquareRoot : SseElements.IOperation
    {
        public static ulong Compute<TElement>(ref FloatContext c, ulong a, ulong b, uint immediate)
            where TElement : struct, IFloatElement
            => Sse.IsSupported
                ? Sse.ReciprocalSqrtScalar(Vector128.CreateScalar((uint)b).AsSingle()).AsUInt32().ToScalar()
                : SoftApproximation((uint)b, squareRoot: true);
    }

    /// <summary>The exact value rounded, for hosts without the instruction; denormals count as zeros on both sides.</summary>
    private static ulong SoftApproximation(uint bits, bool squareRoot)
    {
        FloatContext c = new() { Masks = FloatFlags.All, FlushToZero = true };
        FloatValue value = FloatEncoding.UnpackSingle(bits, denormalsAreZero: true);
        if (squareRoot)
        {
            value = FloatArithmetic.SquareRoot(ref c, value, FloatFormat.Extended);
        }

        return FloatEncoding.PackSingle(value.IsNaN
            ? value.Quieted()
            : FloatArithmetic.Divide(ref c, FloatValue.One, value, FloatFormat.Single));
    }

    private readonly struct Signalling : IQuietness
    {
        public static bool QuietIsInvalid => true;
    }

    private readonly struct Quiet : IQuietness
    {
        public static bool QuietIsInvalid => false;
    }

    /// <summary>COMI and UCOMI: ZF, PF and CF tell the relation, the other status flags are cleared.</summary>
    private readonly struct CompareToFlags<TElement, TQuietness> : SseShapes.IAction
        where TElement : struct, IFloatElement
        where TQuietness : struct, IQuietness
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            byte* destination = (byte*)s + op->Dst;
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            FloatValue a = TElement.Unpack(TElement.Bits == 64 ? *(ulong*)destination : *(uint*)destination, c.DenormalsAreZero);
            FloatValue b = TElement.Unpack(TElement.Bits == 64 ? *(ulong*)source : *(uint*)source, c.DenormalsAreZero);
            FloatRelation relation = FloatComparison.Compare(ref c, a, b, TQuietness.QuietIsInvalid);
            if (!SseShapes.Finish(s, c))
            {
                return false;
            }

            Flags.SetStatus(s, OfRelation(relation));
            return true;
        }
    }

    /// <summary>The flags that COMI, UCOMI, FCOMI and FUCOMI make of a relation.</summary>
    /// <param name="relation">The relation of operand 0 to operand 1.</param>
    public static ulong OfRelation(FloatRelation relation) => relation switch
    {
        FloatRelation.Less => Flags.Cf,
        FloatRelation.Equal => Flags.Zf,
        FloatRelation.Greater => 0,
        _ => Flags.Zf | Flags.Pf | Flags.Cf,
    };
}
