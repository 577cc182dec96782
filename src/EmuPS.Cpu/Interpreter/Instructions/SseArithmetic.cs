using System;
using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.FloatingPoint;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>ADD, SUB, MUL, DIV and SQRT of PS, PD, SS and SD.</summary>
/// <remarks>Host arithmetic stands in where no difference can show: an environment like the host's, no denormal operand, a result that is normal and above the smallest exponent; PE is found by the exact error. Everything else goes through the soft-float core.</remarks>
internal static unsafe class SseArithmetic
{
    private const ulong DoubleFraction = 0xF_FFFF_FFFF_FFFF;
    private const ulong DoubleMagnitude = ulong.MaxValue >> 1;

    /// <summary>An arithmetic operation.</summary>
    public interface IArithmetic
    {
        /// <summary>Whether operand 0 is not used.</summary>
        static abstract bool IsUnary { get; }

        /// <summary>Whether a zero result of numbers that are not denormal is exact.</summary>
        static abstract bool ZeroIsExact { get; }

        static abstract FloatValue Soft(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format);

        static abstract double Host(double a, double b);

        static abstract float Host(float a, float b);

        /// <summary>Whether a result of <see cref="Host(double, double)"/> is exact; all exponents are far from the smallest.</summary>
        static abstract bool IsExact(double a, double b, double result);

        /// <summary>Whether a result of <see cref="Host(float, float)"/> is exact.</summary>
        static abstract bool IsExact(float a, float b, float result);
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Addps, &Packed<Arithmetic<Add>, SingleElement>);
        table.Add(Mnemonic.Addpd, &Packed<Arithmetic<Add>, DoubleElement>);
        table.Add(Mnemonic.Addss, &Scalar<Arithmetic<Add>, SingleElement, uint>);
        table.Add(Mnemonic.Addsd, &Scalar<Arithmetic<Add>, DoubleElement, ulong>);
        table.Add(Mnemonic.Subps, &Packed<Arithmetic<Subtract>, SingleElement>);
        table.Add(Mnemonic.Subpd, &Packed<Arithmetic<Subtract>, DoubleElement>);
        table.Add(Mnemonic.Subss, &Scalar<Arithmetic<Subtract>, SingleElement, uint>);
        table.Add(Mnemonic.Subsd, &Scalar<Arithmetic<Subtract>, DoubleElement, ulong>);
        table.Add(Mnemonic.Mulps, &Packed<Arithmetic<Multiply>, SingleElement>);
        table.Add(Mnemonic.Mulpd, &Packed<Arithmetic<Multiply>, DoubleElement>);
        table.Add(Mnemonic.Mulss, &Scalar<Arithmetic<Multiply>, SingleElement, uint>);
        table.Add(Mnemonic.Mulsd, &Scalar<Arithmetic<Multiply>, DoubleElement, ulong>);
        table.Add(Mnemonic.Divps, &Packed<Arithmetic<Divide>, SingleElement>);
        table.Add(Mnemonic.Divpd, &Packed<Arithmetic<Divide>, DoubleElement>);
        table.Add(Mnemonic.Divss, &Scalar<Arithmetic<Divide>, SingleElement, uint>);
        table.Add(Mnemonic.Divsd, &Scalar<Arithmetic<Divide>, DoubleElement, ulong>);
        table.Add(Mnemonic.Sqrtps, &Packed<Arithmetic<SquareRoot>, SingleElement>);
        table.Add(Mnemonic.Sqrtpd, &Packed<Arithmetic<SquareRoot>, DoubleElement>);
        table.Add(Mnemonic.Sqrtss, &Scalar<Arithmetic<SquareRoot>, SingleElement, uint>);
        table.Add(Mnemonic.Sqrtsd, &Scalar<Arithmetic<SquareRoot>, DoubleElement, ulong>);
    }

    /// <summary>Chooses the handler of a packed form.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <typeparam name="TElement">The format.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool Packed<TOp, TElement>(in Instruction i, Op* op, uint mode)
        where TOp : struct, SseElements.IOperation
        where TElement : struct, IFloatElement
        => SseShapes.Bind<SseElements.Packed<TOp, TElement>, UInt128>(op);

    /// <summary>Chooses the handler of a scalar form.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    /// <typeparam name="TElement">The format.</typeparam>
    /// <typeparam name="T">An integer of its size.</typeparam>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool Scalar<TOp, TElement, T>(in Instruction i, Op* op, uint mode)
        where TOp : struct, SseElements.IOperation
        where TElement : struct, IFloatElement
        where T : unmanaged
        => SseShapes.Bind<SseElements.Scalar<TOp, TElement>, T>(op);

    private static bool TryHostDouble<TOp>(ref FloatContext c, ulong a, ulong b, out ulong result)
        where TOp : struct, IArithmetic
    {
        double x = BitConverter.UInt64BitsToDouble(a);
        double y = BitConverter.UInt64BitsToDouble(b);
        double z = TOp.Host(x, y);
        result = BitConverter.DoubleToUInt64Bits(z);

        // A denormal is a magnitude of 1 to 2^52 - 1; a usable result has a biased exponent of 2 to 2046.
        ulong magnitude = result & DoubleMagnitude;
        if ((!TOp.IsUnary && (a & DoubleMagnitude) - 1 < DoubleFraction)
            || (b & DoubleMagnitude) - 1 < DoubleFraction
            || (magnitude - (2UL << 52) >= (0x7FDUL << 52) && !(magnitude == 0 && TOp.ZeroIsExact)))
        {
            return false;
        }

        if (!c.PrecisionKnown)
        {
            const ulong Far = 200UL << 52;
            if ((a & DoubleMagnitude) < Far || (b & DoubleMagnitude) < Far || magnitude < Far)
            {
                return false;
            }

            if (!TOp.IsExact(x, y, z))
            {
                c.Flags |= FloatFlags.Precision;
            }
        }

        return true;
    }

    private static bool TryHostSingle<TOp>(ref FloatContext c, uint a, uint b, out ulong result)
        where TOp : struct, IArithmetic
    {
        float x = BitConverter.UInt32BitsToSingle(a);
        float y = BitConverter.UInt32BitsToSingle(b);
        float z = TOp.Host(x, y);
        uint bits = BitConverter.SingleToUInt32Bits(z);
        result = bits;
        uint magnitude = bits & 0x7FFF_FFFF;
        if ((!TOp.IsUnary && (a & 0x7FFF_FFFF) - 1 < 0x7F_FFFF)
            || (b & 0x7FFF_FFFF) - 1 < 0x7F_FFFF
            || (magnitude - (2U << 23) >= (0xFDU << 23) && !(magnitude == 0 && TOp.ZeroIsExact)))
        {
            return false;
        }

        if (!c.PrecisionKnown && !TOp.IsExact(x, y, z))
        {
            c.Flags |= FloatFlags.Precision;
        }

        return true;
    }

    /// <summary>An arithmetic operation on elements.</summary>
    /// <typeparam name="TOp">The operation.</typeparam>
    public readonly struct Arithmetic<TOp> : SseElements.IOperation
        where TOp : struct, IArithmetic
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static ulong Compute<TElement>(ref FloatContext c, ulong a, ulong b, uint immediate)
            where TElement : struct, IFloatElement
        {
            if (c.HostLike)
            {
                if (TElement.Bits == 64 ? TryHostDouble<TOp>(ref c, a, b, out ulong result) : TryHostSingle<TOp>(ref c, (uint)a, (uint)b, out result))
                {
                    return result;
                }
            }

            FloatValue first = TOp.IsUnary ? default : TElement.Unpack(a, c.DenormalsAreZero);
            return TElement.Pack(TOp.Soft(ref c, first, TElement.Unpack(b, c.DenormalsAreZero), TElement.Format));
        }
    }

    /// <summary>ADD.</summary>
    public readonly struct Add : IArithmetic
    {
        public static bool IsUnary => false;

        public static bool ZeroIsExact => true;

        public static FloatValue Soft(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format)
            => FloatArithmetic.Add(ref c, a, b, format);

        public static double Host(double a, double b) => a + b;

        public static float Host(float a, float b) => a + b;

        // Knuth's TwoSum: the error of a sum is itself a number.
        public static bool IsExact(double a, double b, double result)
        {
            double other = result - a;
            return (a - (result - other)) + (b - other) == 0;
        }

        public static bool IsExact(float a, float b, float result)
        {
            float other = result - a;
            return (a - (result - other)) + (b - other) == 0;
        }
    }

    /// <summary>SUB.</summary>
    public readonly struct Subtract : IArithmetic
    {
        public static bool IsUnary => false;

        public static bool ZeroIsExact => true;

        public static FloatValue Soft(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format)
            => FloatArithmetic.Subtract(ref c, a, b, format);

        public static double Host(double a, double b) => a - b;

        public static float Host(float a, float b) => a - b;

        public static bool IsExact(double a, double b, double result) => Add.IsExact(a, -b, result);

        public static bool IsExact(float a, float b, float result) => Add.IsExact(a, -b, result);
    }

    /// <summary>MUL.</summary>
    public readonly struct Multiply : IArithmetic
    {
        public static bool IsUnary => false;

        public static bool ZeroIsExact => false;

        public static FloatValue Soft(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format)
            => FloatArithmetic.Multiply(ref c, a, b, format);

        public static double Host(double a, double b) => a * b;

        public static float Host(float a, float b) => a * b;

        public static bool IsExact(double a, double b, double result) => Math.FusedMultiplyAdd(a, b, -result) == 0;

        public static bool IsExact(float a, float b, float result) => (double)a * b == result;
    }

    /// <summary>DIV.</summary>
    public readonly struct Divide : IArithmetic
    {
        public static bool IsUnary => false;

        public static bool ZeroIsExact => false;

        public static FloatValue Soft(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format)
            => FloatArithmetic.Divide(ref c, a, b, format);

        public static double Host(double a, double b) => a / b;

        public static float Host(float a, float b) => a / b;

        public static bool IsExact(double a, double b, double result) => Math.FusedMultiplyAdd(result, b, -a) == 0;

        public static bool IsExact(float a, float b, float result) => (double)result * b == a;
    }

    /// <summary>SQRT.</summary>
    public readonly struct SquareRoot : IArithmetic
    {
        public static bool IsUnary => true;

        public static bool ZeroIsExact => true;

        public static FloatValue Soft(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format)
            => FloatArithmetic.SquareRoot(ref c, b, format);

        public static double Host(double a, double b) => Math.Sqrt(b);

        public static float Host(float a, float b) => MathF.Sqrt(b);

        public static bool IsExact(double a, double b, double result) => Math.FusedMultiplyAdd(result, result, -b) == 0;

        public static bool IsExact(float a, float b, float result) => (double)result * result == b;
    }
}
