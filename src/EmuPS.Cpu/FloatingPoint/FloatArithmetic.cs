using System;
using System.Numerics;

namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Addition, subtraction, multiplication, division and square root on integers, rounded once.</summary>
internal static class FloatArithmetic
{
    /// <summary>a + b.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    /// <param name="format">Format of the result.</param>
    public static FloatValue Add(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format)
    {
        if (a.IsNaN || b.IsNaN)
        {
            return FloatNaN.Propagate(ref c, a, b);
        }

        return AddNumbers(ref c, a, b, b.Negative, format);
    }

    /// <summary>a - b.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    /// <param name="format">Format of the result.</param>
    public static FloatValue Subtract(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format)
    {
        // A NaN keeps its sign.
        if (a.IsNaN || b.IsNaN)
        {
            return FloatNaN.Propagate(ref c, a, b);
        }

        return AddNumbers(ref c, a, b, !b.Negative, format);
    }

    /// <summary>a * b.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    /// <param name="format">Format of the result.</param>
    public static FloatValue Multiply(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format)
    {
        if (a.IsNaN || b.IsNaN)
        {
            return FloatNaN.Propagate(ref c, a, b);
        }

        if ((a.IsInfinity && b.IsZero) || (a.IsZero && b.IsInfinity))
        {
            return c.Invalid();
        }

        NoteDenormals(ref c, a, b);
        bool negative = a.Negative != b.Negative;
        if (a.IsInfinity || b.IsInfinity)
        {
            return FloatValue.Infinity(negative);
        }

        if (a.IsZero || b.IsZero)
        {
            return FloatValue.Zero(negative);
        }

        ulong high = Math.BigMul(a.Significand, b.Significand, out ulong low);
        int exponent = a.Exponent + b.Exponent + 1;
        if ((long)high >= 0)
        {
            high = (high << 1) | (low >> 63);
            low <<= 1;
            exponent--;
        }

        return FloatRounding.Round(ref c, negative, exponent, high, low, format);
    }

    /// <summary>a / b.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    /// <param name="format">Format of the result.</param>
    public static FloatValue Divide(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format)
    {
        if (a.IsNaN || b.IsNaN)
        {
            return FloatNaN.Propagate(ref c, a, b);
        }

        if ((a.IsInfinity && b.IsInfinity) || (a.IsZero && b.IsZero))
        {
            return c.Invalid();
        }

        bool negative = a.Negative != b.Negative;
        if (b.IsZero && a.IsFinite)
        {
            c.Flags |= FloatFlags.ZeroDivide;
            return FloatValue.Infinity(negative);
        }

        NoteDenormals(ref c, a, b);
        if (a.IsInfinity)
        {
            return FloatValue.Infinity(negative);
        }

        if (a.IsZero || b.IsInfinity)
        {
            return FloatValue.Zero(negative);
        }

        int exponent = a.Exponent - b.Exponent;
        ulong quotient;
        ulong remainder;
        if (a.Significand < b.Significand)
        {
            quotient = WideInteger.Divide(a.Significand, 0, b.Significand, out remainder);
            exponent--;
        }
        else
        {
            quotient = WideInteger.Divide(a.Significand >> 1, a.Significand << 63, b.Significand, out remainder);
        }

        ulong low = 0;
        if (remainder != 0)
        {
            ulong rest = b.Significand - remainder;
            low = (remainder >= rest ? FloatValue.IntegerBit : 0) | (remainder != rest ? 1UL : 0);
        }

        return FloatRounding.Round(ref c, negative, exponent, quotient, low, format);
    }

    /// <summary>The square root of a.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The operand.</param>
    /// <param name="format">Format of the result.</param>
    public static FloatValue SquareRoot(ref FloatContext c, in FloatValue a, in FloatFormat format)
    {
        if (a.IsNaN)
        {
            return FloatNaN.Propagate(ref c, a);
        }

        if (a.IsZero)
        {
            return a;
        }

        if (a.Negative)
        {
            return c.Invalid();
        }

        if (a.IsInfinity)
        {
            return a;
        }

        NoteDenormals(ref c, a, a);
        bool even = (a.Exponent & 1) == 0;
        ulong root = even
            ? WideInteger.SquareRoot(a.Significand >> 1, a.Significand << 63, out UInt128 remainder)
            : WideInteger.SquareRoot(a.Significand, 0, out remainder);

        // (root + 1/2)^2 = root^2 + root + 1/4: the remainder can never be exactly half.
        ulong low = remainder > root ? FloatValue.IntegerBit | 1 : remainder != 0 ? 1UL : 0;
        return FloatRounding.Round(ref c, false, a.Exponent >> 1, root, low, format);
    }

    /// <summary>Rounds a value to a format: conversion between formats.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The value.</param>
    /// <param name="format">The format.</param>
    public static FloatValue Convert(ref FloatContext c, in FloatValue a, in FloatFormat format)
    {
        if (a.IsNaN)
        {
            return FloatNaN.Propagate(ref c, a);
        }

        if (!a.IsFinite)
        {
            return a;
        }

        NoteDenormals(ref c, a, a);
        return FloatRounding.Round(ref c, a.Negative, a.Exponent, a.Significand, 0, format);
    }

    /// <summary>Notes a denormal operand.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    public static void NoteDenormals(ref FloatContext c, in FloatValue a, in FloatValue b)
    {
        if (a.IsDenormal || b.IsDenormal)
        {
            c.Flags |= FloatFlags.Denormal;
        }
    }

    private static FloatValue AddNumbers(ref FloatContext c, in FloatValue a, in FloatValue b, bool bNegative, in FloatFormat format)
    {
        if (a.IsInfinity && b.IsInfinity && a.Negative != bNegative)
        {
            return c.Invalid();
        }

        NoteDenormals(ref c, a, b);
        if (a.IsInfinity)
        {
            return a;
        }

        if (b.IsInfinity)
        {
            return b.WithSign(bNegative);
        }

        if (a.IsZero && b.IsZero)
        {
            return FloatValue.Zero(a.Negative == bNegative ? a.Negative : c.Rounding == RoundingMode.Down);
        }

        if (b.IsZero)
        {
            return FloatRounding.Round(ref c, a.Negative, a.Exponent, a.Significand, 0, format);
        }

        if (a.IsZero)
        {
            return FloatRounding.Round(ref c, bNegative, b.Exponent, b.Significand, 0, format);
        }

        bool swap = a.Exponent < b.Exponent || (a.Exponent == b.Exponent && a.Significand < b.Significand);
        ulong high = swap ? b.Significand : a.Significand;
        ulong otherHigh = swap ? a.Significand : b.Significand;
        int exponent = swap ? b.Exponent : a.Exponent;
        int difference = exponent - (swap ? a.Exponent : b.Exponent);
        bool negative = swap ? bNegative : a.Negative;
        ulong low = 0;
        ulong otherLow = 0;
        if (difference != 0)
        {
            FloatRounding.ShiftRight(ref otherHigh, ref otherLow, difference);
        }

        if (a.Negative == bNegative)
        {
            ulong sum = high + otherHigh;
            low = otherLow;
            if (sum < high)
            {
                low = (sum << 63) | (low >> 1) | (low & 1);
                sum = (sum >> 1) | FloatValue.IntegerBit;
                exponent++;
            }

            return FloatRounding.Round(ref c, negative, exponent, sum, low, format);
        }

        low = 0 - otherLow;
        high = high - otherHigh - (otherLow != 0 ? 1UL : 0);
        if ((high | low) == 0)
        {
            return FloatValue.Zero(c.Rounding == RoundingMode.Down);
        }

        int shift = high != 0 ? BitOperations.LeadingZeroCount(high) : 64 + BitOperations.LeadingZeroCount(low);
        if (shift >= 64)
        {
            high = low << (shift - 64);
            low = 0;
        }
        else if (shift != 0)
        {
            high = (high << shift) | (low >> (64 - shift));
            low <<= shift;
        }

        return FloatRounding.Round(ref c, negative, exponent - shift, high, low, format);
    }
}
