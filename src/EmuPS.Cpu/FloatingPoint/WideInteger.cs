using System;

namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Integer division and square root of 128-bit numbers with 64-bit results.</summary>
internal static class WideInteger
{
    /// <summary>Divides 128 bits by 64.</summary>
    /// <param name="high">Upper half, below <paramref name="divisor"/>.</param>
    /// <param name="low">Lower half.</param>
    /// <param name="divisor">Divisor with bit 63 set.</param>
    /// <param name="remainder">The remainder.</param>
    /// <returns>The quotient.</returns>
    public static ulong Divide(ulong high, ulong low, ulong divisor, out ulong remainder)
    {
        ulong upper = DivideStep(high, low >> 32, divisor, out ulong rest);
        ulong lower = DivideStep(rest, low & 0xFFFF_FFFF, divisor, out remainder);
        return (upper << 32) | lower;
    }

    /// <summary>The integer square root of 128 bits.</summary>
    /// <param name="high">Upper half; bit 63 or bit 62 is set.</param>
    /// <param name="low">Lower half.</param>
    /// <param name="remainder">The number minus the root's square.</param>
    /// <returns>The root, bit 63 set.</returns>
    public static ulong SquareRoot(ulong high, ulong low, out UInt128 remainder)
    {
        ulong root = SquareRoot(high, out ulong rest);

        // Zimmermann: the lower half of the root is the quotient by twice the upper half, at most one too large.
        UInt128 dividend = ((UInt128)rest << 32) | (low >> 32);
        UInt128 quotient = dividend / (root << 1);
        UInt128 left = dividend - (quotient * (root << 1));
        UInt128 result = ((UInt128)root << 32) + quotient;
        left = (left << 32) | (low & 0xFFFF_FFFF);
        UInt128 square = quotient * quotient;
        while (left < square)
        {
            result--;
            left += (result << 1) + 1;
        }

        remainder = left - square;
        return (ulong)result;
    }

    /// <summary>One 32-bit digit of a quotient (Knuth, algorithm D).</summary>
    private static ulong DivideStep(ulong high, ulong digit, ulong divisor, out ulong remainder)
    {
        ulong top = divisor >> 32;
        ulong bottom = divisor & 0xFFFF_FFFF;
        ulong quotient = high / top;
        ulong rest = high - (quotient * top);
        while (quotient > 0xFFFF_FFFF || quotient * bottom > ((rest << 32) | digit))
        {
            quotient--;
            rest += top;
            if (rest > 0xFFFF_FFFF)
            {
                break;
            }
        }

        remainder = (high << 32) + digit - (quotient * divisor);
        return quotient;
    }

    private static ulong SquareRoot(ulong value, out ulong remainder)
    {
        ulong root = 0;
        ulong rest = 0;
        for (int i = 0; i < 32; i++)
        {
            rest = (rest << 2) | (value >> 62);
            value <<= 2;
            root <<= 1;
            ulong trial = (root << 1) | 1;
            if (rest >= trial)
            {
                rest -= trial;
                root |= 1;
            }
        }

        remainder = rest;
        return root;
    }
}
