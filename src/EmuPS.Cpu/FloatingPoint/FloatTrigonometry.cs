using System.Numerics;

namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Sine, cosine, tangent and arc tangent of 80-bit numbers. Results are the exact ones (for the processor's pi) rounded once, but for values within some 2^-50 units of a rounding boundary.</summary>
internal static class FloatTrigonometry
{
    /// <summary>Angles below 2^-40: the first correction lies beyond the 64 bits of the result.</summary>
    private const int SmallExponent = -40;

    /// <summary>Half of pi as the processor knows it: 66 bits of pi (SDM vol. 1, 8.3.8), here with 192 binary places.</summary>
    private static readonly BigInteger s_halfPi = (((BigInteger)0xC90F_DAA2_2168_C234 << 4) + 0xC) << (FixedPoint.Bits - 67);

    /// <summary>Whether an angle can be reduced; otherwise the instruction only sets C2.</summary>
    /// <param name="a">The angle.</param>
    public static bool IsInRange(in FloatValue a) => !a.IsFinite || a.Exponent < 63;

    /// <summary>Sine.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The angle.</param>
    public static FloatValue Sine(ref FloatContext c, in FloatValue a)
    {
        if (IsSpecial(ref c, a, a, out FloatValue result))
        {
            return result;
        }

        if (a.Exponent < SmallExponent)
        {
            return FloatWide.RoundBelow(ref c, a);
        }

        BigInteger angle = Reduce(a, out int quadrant);
        BigInteger sine = (quadrant & 1) != 0 ? FixedPoint.Cosine(angle) : FixedPoint.Sine(angle);
        return FloatWide.Round(ref c, (quadrant & 2) != 0 ? -sine : sine, -FixedPoint.Bits);
    }

    /// <summary>Cosine.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The angle.</param>
    public static FloatValue Cosine(ref FloatContext c, in FloatValue a)
    {
        if (IsSpecial(ref c, a, FloatValue.One, out FloatValue result))
        {
            return result;
        }

        if (a.Exponent < SmallExponent)
        {
            return FloatWide.RoundBelow(ref c, FloatValue.One);
        }

        BigInteger angle = Reduce(a, out int quadrant);
        BigInteger cosine = (quadrant & 1) != 0 ? FixedPoint.Sine(angle) : FixedPoint.Cosine(angle);
        return FloatWide.Round(ref c, quadrant is 1 or 2 ? -cosine : cosine, -FixedPoint.Bits);
    }

    /// <summary>Tangent.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The angle.</param>
    public static FloatValue Tangent(ref FloatContext c, in FloatValue a)
    {
        if (IsSpecial(ref c, a, a, out FloatValue result))
        {
            return result;
        }

        if (a.Exponent < SmallExponent)
        {
            return FloatWide.RoundAbove(ref c, a);
        }

        BigInteger angle = Reduce(a, out int quadrant);
        BigInteger sine = FixedPoint.Sine(angle);
        BigInteger cosine = FixedPoint.Cosine(angle);
        BigInteger tangent = (quadrant & 1) != 0 ? -FixedPoint.Divide(cosine, sine) : FixedPoint.Divide(sine, cosine);
        return FloatWide.Round(ref c, tangent, -FixedPoint.Bits);
    }

    /// <summary>The angle of the point (x, y), from -pi to pi.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="y">Ordinate; its sign is the result's.</param>
    /// <param name="x">Abscissa.</param>
    public static FloatValue ArcTangent(ref FloatContext c, in FloatValue y, in FloatValue x)
    {
        if (x.IsNaN || y.IsNaN)
        {
            return FloatNaN.Propagate(ref c, x, y);
        }

        FloatArithmetic.NoteDenormals(ref c, x, y);
        if (y.IsZero || (x.IsInfinity && !y.IsInfinity))
        {
            return x.Negative ? Signed(ref c, y, FixedPoint.Pi) : FloatValue.Zero(y.Negative);
        }

        if (y.IsInfinity)
        {
            return Signed(ref c, y, !x.IsInfinity ? FixedPoint.Pi >> 1 : x.Negative ? FixedPoint.Pi * 3 >> 2 : FixedPoint.Pi >> 2);
        }

        if (x.IsZero)
        {
            return Signed(ref c, y, FixedPoint.Pi >> 1);
        }

        bool steep = y.Exponent > x.Exponent || (y.Exponent == x.Exponent && y.Significand > x.Significand);
        int difference = steep ? y.Exponent - x.Exponent : x.Exponent - y.Exponent;
        BigInteger numerator = steep ? x.Significand : y.Significand;
        BigInteger denominator = steep ? y.Significand : x.Significand;
        if (difference > -SmallExponent && !steep && !x.Negative)
        {
            // The quotient itself, less next to nothing.
            BigInteger quotient = ((numerator << FixedPoint.Bits) / denominator) - 1;
            return FloatWide.Round(ref c, y.Negative ? -quotient : quotient, -FixedPoint.Bits - difference);
        }

        BigInteger angle = difference > FixedPoint.Bits ? BigInteger.One : FixedPoint.ArcTangent((numerator << (FixedPoint.Bits - difference)) / denominator);
        if (steep)
        {
            angle = (FixedPoint.Pi >> 1) - angle;
        }

        return Signed(ref c, y, x.Negative ? FixedPoint.Pi - angle : angle);
    }

    private static FloatValue Signed(ref FloatContext c, in FloatValue sign, BigInteger magnitude)
        => FloatWide.Round(ref c, sign.Negative ? -magnitude : magnitude, -FixedPoint.Bits);

    /// <summary>NaN, infinity and zero.</summary>
    private static bool IsSpecial(ref FloatContext c, in FloatValue a, in FloatValue ofZero, out FloatValue result)
    {
        result = a.IsNaN ? FloatNaN.Propagate(ref c, a) : a.IsZero ? ofZero : default;
        if (a.IsInfinity)
        {
            result = c.Invalid();
        }

        if (a.IsFinite)
        {
            FloatArithmetic.NoteDenormals(ref c, a, a);
        }

        return !a.IsFinite;
    }

    /// <summary>The angle less a multiple of half pi, at most a quarter of pi away from zero. It is never zero: 64 bits hold no multiple of half pi.</summary>
    private static BigInteger Reduce(in FloatValue a, out int quadrant)
    {
        BigInteger angle = (BigInteger)a.Significand << (FixedPoint.Bits - 63 + a.Exponent);
        if (a.Negative)
        {
            angle = -angle;
        }

        BigInteger quotient = (angle + (s_halfPi >> 1)) / s_halfPi;
        if (angle + (s_halfPi >> 1) < 0)
        {
            // Division truncates; this one has to round down.
            quotient--;
        }

        quadrant = (int)(quotient & 3);
        return angle - (quotient * s_halfPi);
    }
}
