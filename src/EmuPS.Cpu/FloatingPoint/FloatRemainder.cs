using System;
using System.Numerics;

namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Remainders and scaling of 80-bit numbers (FPREM, FPREM1, FSCALE).</summary>
internal static class FloatRemainder
{
    /// <summary>The remainder of a / b, exact; of operands whose exponents differ by 64 or more, a partial one.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">Dividend.</param>
    /// <param name="b">Divisor.</param>
    /// <param name="nearest">The quotient is rounded to nearest (FPREM1) instead of toward zero.</param>
    /// <param name="quotient">The quotient's lower three bits.</param>
    /// <param name="partial">The reduction is not complete.</param>
    public static FloatValue Remainder(ref FloatContext c, in FloatValue a, in FloatValue b, bool nearest, out int quotient, out bool partial)
    {
        quotient = 0;
        partial = false;
        if (a.IsNaN || b.IsNaN)
        {
            return FloatNaN.Propagate(ref c, a, b);
        }

        if (a.IsInfinity || b.IsZero)
        {
            return c.Invalid();
        }

        FloatArithmetic.NoteDenormals(ref c, a, b);
        if (a.IsZero || b.IsInfinity)
        {
            return a;
        }

        int difference = a.Exponent - b.Exponent;
        int unit = b.Exponent;
        UInt128 divisor = b.Significand;
        UInt128 dividend = a.Significand;
        if (difference < 0)
        {
            if (!nearest || difference < -1)
            {
                return Exact(ref c, a.Negative, a.Significand, a.Exponent);
            }

            divisor <<= 1;
            unit = a.Exponent;
        }
        else if (difference < 64)
        {
            dividend <<= difference;
        }
        else
        {
            // Hardware reduces the exponent by 32 to 63 at a time.
            partial = true;
            int step = 32 + (difference % 32);
            dividend <<= step;
            unit = b.Exponent + difference - step;
        }

        UInt128 whole = dividend / divisor;
        UInt128 rest = dividend - (whole * divisor);
        bool negative = a.Negative;
        if (nearest && !partial)
        {
            UInt128 other = divisor - rest;
            if (rest > other || (rest == other && UInt128.IsOddInteger(whole)))
            {
                whole++;
                rest = other;
                negative = !negative;
            }
        }

        quotient = partial ? 0 : (int)whole & 7;
        return rest == 0 ? FloatValue.Zero(a.Negative) : Exact(ref c, negative, (ulong)rest, unit);
    }

    /// <summary>a times two to the power of b cut to an integer.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The number.</param>
    /// <param name="b">The power.</param>
    public static FloatValue Scale(ref FloatContext c, in FloatValue a, in FloatValue b)
    {
        if (a.IsNaN || b.IsNaN)
        {
            return FloatNaN.Propagate(ref c, a, b);
        }

        if (b.IsInfinity)
        {
            if (b.Negative ? a.IsInfinity : a.IsZero)
            {
                return c.Invalid();
            }

            FloatArithmetic.NoteDenormals(ref c, a, b);
            return b.Negative ? FloatValue.Zero(a.Negative) : FloatValue.Infinity(a.Negative);
        }

        FloatArithmetic.NoteDenormals(ref c, a, b);
        if (!a.IsFinite)
        {
            return a;
        }

        int power = 0;
        if (b.IsFinite && b.Exponent >= 0)
        {
            // Any power of 2^16 and more is out of range whatever it is added to.
            power = b.Exponent >= 16 ? 1 << 16 : (int)(b.Significand >> (63 - b.Exponent));
            power = b.Negative ? -power : power;
        }

        int exponent = a.Exponent + power;
        FloatFormat format = FloatFormat.Extended;
        bool farAbove = exponent - FloatRounding.ExponentWrap > format.MaxExponent;
        bool farBelow = exponent + FloatRounding.ExponentWrap < format.MinExponent;
        if (!farAbove && !farBelow)
        {
            return FloatRounding.Round(ref c, a.Negative, exponent, a.Significand, 0, format);
        }

        // Even the wrapped exponent does not fit: the exception stays, the result is the masked one, and if it is not masked, infinity or zero.
        FloatContext masked = c;
        masked.Masks = FloatFlags.All;
        masked.FlushToZero = (c.Masks & FloatFlags.Underflow) == 0;
        FloatValue result = FloatRounding.Round(ref masked, a.Negative, exponent, a.Significand, 0, format);
        c.Flags = masked.Flags;
        c.RoundedUp = masked.RoundedUp;
        if (farAbove && (c.Masks & FloatFlags.Overflow) == 0)
        {
            c.RoundedUp = true;
            return FloatValue.Infinity(a.Negative);
        }

        return result;
    }

    private static FloatValue Exact(ref FloatContext c, bool negative, ulong significand, int unit)
    {
        int shift = BitOperations.LeadingZeroCount(significand);
        return FloatRounding.Round(ref c, negative, unit - shift, significand << shift, 0, FloatFormat.Extended);
    }
}
