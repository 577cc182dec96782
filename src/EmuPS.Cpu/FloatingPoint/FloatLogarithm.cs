using System.Numerics;

namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Powers of two and logarithms of 80-bit numbers (F2XM1, FYL2X, FYL2XP1). Results are the exact ones rounded once, but for values within some 2^-50 units of a rounding boundary.</summary>
internal static class FloatLogarithm
{
    /// <summary>Numbers below 2^-90 are linear: the first correction lies beyond the 64 bits of the result.</summary>
    private const int SmallExponent = -90;

    /// <summary>2^a - 1 for a from -1 to 1; beyond that, where no manual defines the result, a itself.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The power.</param>
    public static FloatValue PowerOf2Minus1(ref FloatContext c, in FloatValue a)
    {
        if (a.IsNaN)
        {
            return FloatNaN.Propagate(ref c, a);
        }

        if (a.IsInfinity)
        {
            return a.Negative ? FloatValue.One.WithSign(true) : a;
        }

        if (a.IsZero)
        {
            return a;
        }

        FloatArithmetic.NoteDenormals(ref c, a, a);
        if (a.Exponent >= 0)
        {
            c.Flags |= FloatFlags.Precision;
            return a.Exponent == 0 && a.Significand == FloatValue.IntegerBit && a.Negative
                ? FloatValue.Finite(true, -1, FloatValue.IntegerBit)
                : a;
        }

        BigInteger linear = a.Significand * FixedPoint.LogOf2;
        if (a.Exponent < SmallExponent)
        {
            return FloatWide.Round(ref c, a.Negative ? -linear : linear, a.Exponent - 63 - FixedPoint.Bits);
        }

        linear >>= 63 - a.Exponent;
        return FloatWide.Round(ref c, FixedPoint.ExponentialMinus1(a.Negative ? -linear : linear), -FixedPoint.Bits);
    }

    /// <summary>y times the binary logarithm of x.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="y">The factor.</param>
    /// <param name="x">The number.</param>
    public static FloatValue Logarithm(ref FloatContext c, in FloatValue y, in FloatValue x)
    {
        if (x.IsNaN || y.IsNaN)
        {
            return FloatNaN.Propagate(ref c, x, y);
        }

        if (x.IsZero)
        {
            if (y.IsZero)
            {
                return c.Invalid();
            }

            c.Flags |= y.IsFinite ? FloatFlags.ZeroDivide : 0;
            return FloatValue.Infinity(!y.Negative);
        }

        FloatRelation toOne = FloatComparison.Order(x, FloatValue.One);
        if (x.Negative || (x.IsInfinity && y.IsZero) || (y.IsInfinity && toOne == FloatRelation.Equal))
        {
            return c.Invalid();
        }

        FloatArithmetic.NoteDenormals(ref c, x, y);
        bool negative = y.Negative != (toOne == FloatRelation.Less);
        if (x.IsInfinity || y.IsInfinity)
        {
            return FloatValue.Infinity(negative);
        }

        if (y.IsZero || toOne == FloatRelation.Equal)
        {
            return FloatValue.Zero(negative);
        }

        if (x.Significand == FloatValue.IntegerBit)
        {
            // A power of two: the product is exact, and reported as inexact all the same.
            c.Flags |= FloatFlags.Precision;
            FloatContext exact = c;
            FloatValue product = FloatArithmetic.Multiply(ref exact, y, FloatInteger.FromInteger(x.Exponent), FloatFormat.Extended);
            c.Flags |= exact.Flags;
            c.RoundedUp = exact.RoundedUp;
            return product;
        }

        return Scale(ref c, y, BinaryLogarithm((BigInteger)x.Significand << (FixedPoint.Bits - 63)) + (x.Exponent * FixedPoint.One), -FixedPoint.Bits);
    }

    /// <summary>y times the binary logarithm of x + 1. Defined for x of magnitude below 1 - sqrt(1/2); larger numbers are answered as the mathematics has it.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="y">The factor.</param>
    /// <param name="x">The number less one.</param>
    public static FloatValue LogarithmPlus1(ref FloatContext c, in FloatValue y, in FloatValue x)
    {
        if (x.IsNaN || y.IsNaN)
        {
            return FloatNaN.Propagate(ref c, x, y);
        }

        bool belowMinus1 = x.Negative && (x.IsInfinity || (x.IsFinite && x.Exponent >= 0));
        if (belowMinus1 || (x.IsZero && y.IsInfinity) || (x.IsInfinity && y.IsZero))
        {
            return c.Invalid();
        }

        FloatArithmetic.NoteDenormals(ref c, x, y);
        bool negative = x.Negative != y.Negative;
        if (x.IsZero || y.IsZero)
        {
            return FloatValue.Zero(negative);
        }

        if (x.IsInfinity || y.IsInfinity)
        {
            return FloatValue.Infinity(negative);
        }

        if (x.Exponent < SmallExponent)
        {
            BigInteger linear = x.Significand * FixedPoint.Divide(FixedPoint.One, FixedPoint.LogOf2);
            return Scale(ref c, y, x.Negative ? -linear : linear, x.Exponent - 63 - FixedPoint.Bits);
        }

        if (x.Exponent > 128)
        {
            // One more or less is nothing here.
            return Logarithm(ref c, y, x);
        }

        BigInteger number = (BigInteger)x.Significand << (FixedPoint.Bits - 63 + x.Exponent);
        number = FixedPoint.One + (x.Negative ? -number : number);
        int exponent = (int)number.GetBitLength() - 1 - FixedPoint.Bits;
        if (x.Exponent <= -2)
        {
            // Near one: no cancellation between exponent and fraction.
            return Scale(ref c, y, BinaryLogarithm(number), -FixedPoint.Bits);
        }

        number = exponent < 0 ? number << -exponent : number >> exponent;
        return Scale(ref c, y, BinaryLogarithm(number) + (exponent * FixedPoint.One), -FixedPoint.Bits);
    }

    /// <summary>The binary logarithm of a number from 1/2 to 2: log(x) = 2 atanh((x - 1) / (x + 1)).</summary>
    private static BigInteger BinaryLogarithm(BigInteger x)
    {
        BigInteger half = FixedPoint.InverseHyperbolicTangent(FixedPoint.Divide(x - FixedPoint.One, x + FixedPoint.One));
        return FixedPoint.Divide(half << 1, FixedPoint.LogOf2);
    }

    private static FloatValue Scale(ref FloatContext c, in FloatValue y, BigInteger logarithm, int exponent)
        => FloatWide.Round(ref c, logarithm * (y.Negative ? -(BigInteger)y.Significand : y.Significand), exponent + y.Exponent - 63);
}
