using System.Numerics;

namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Conversions between floating-point numbers and integers, and rounding to an integral value.</summary>
internal static class FloatInteger
{
    /// <summary>An integer as an exact value.</summary>
    /// <param name="value">The integer.</param>
    public static FloatValue FromInteger(long value)
    {
        if (value == 0)
        {
            return default;
        }

        ulong magnitude = value < 0 ? 0 - (ulong)value : (ulong)value;
        int shift = BitOperations.LeadingZeroCount(magnitude);
        return FloatValue.Finite(value < 0, 63 - shift, magnitude << shift);
    }

    /// <summary>Converts to a signed integer. What does not fit is invalid and gives the most negative integer.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The value.</param>
    /// <param name="rounding">How to round.</param>
    /// <param name="bits">16, 32 or 64.</param>
    public static long ToInteger(ref FloatContext c, in FloatValue a, RoundingMode rounding, int bits)
    {
        long indefinite = long.MinValue >> (64 - bits);
        if (a.IsZero)
        {
            return 0;
        }

        if (!a.IsFinite || a.Exponent > 63)
        {
            c.Flags |= FloatFlags.Invalid;
            return indefinite;
        }

        ulong magnitude = Magnitude(a, rounding, out bool inexact, out bool up);
        ulong limit = (1UL << (bits - 1)) - (a.Negative ? 0UL : 1UL);
        if (magnitude > limit || (up && magnitude == 0))
        {
            c.Flags |= FloatFlags.Invalid;
            return indefinite;
        }

        c.RoundedUp = up;
        if (inexact)
        {
            c.Flags |= FloatFlags.Precision;
        }

        return a.Negative ? (long)(0 - magnitude) : (long)magnitude;
    }

    /// <summary>Rounds to an integral value in floating point; a zero result keeps the sign.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The value.</param>
    /// <param name="rounding">How to round.</param>
    public static FloatValue RoundToIntegral(ref FloatContext c, in FloatValue a, RoundingMode rounding)
    {
        if (a.IsNaN)
        {
            return FloatNaN.Propagate(ref c, a);
        }

        if (!a.IsFinite || a.Exponent >= 63)
        {
            return a;
        }

        ulong magnitude = Magnitude(a, rounding, out bool inexact, out bool up);
        c.RoundedUp = up;
        if (inexact)
        {
            c.Flags |= FloatFlags.Precision;
        }

        if (magnitude == 0)
        {
            return FloatValue.Zero(a.Negative);
        }

        int shift = BitOperations.LeadingZeroCount(magnitude);
        return FloatValue.Finite(a.Negative, 63 - shift, magnitude << shift);
    }

    /// <summary>The magnitude rounded to an integer; of a number below 2^64.</summary>
    /// <param name="a">A finite value whose exponent is at most 63.</param>
    /// <param name="rounding">How to round.</param>
    /// <param name="inexact">Something was dropped.</param>
    /// <param name="up">The magnitude was made larger; with a result of zero, it became 2^64.</param>
    private static ulong Magnitude(in FloatValue a, RoundingMode rounding, out bool inexact, out bool up)
    {
        ulong high = a.Significand;
        ulong fraction = 0;
        if (a.Exponent < 63)
        {
            FloatRounding.ShiftRight(ref high, ref fraction, 63 - a.Exponent);
        }

        inexact = fraction != 0;
        up = FloatRounding.Increments(rounding, a.Negative, fraction, (high & 1) != 0);
        return up ? high + 1 : high;
    }
}
