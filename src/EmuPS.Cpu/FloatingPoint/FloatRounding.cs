using System.Numerics;

namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Rounding of exact results to a format, with overflow, underflow and inexactness (SDM vol. 1, 4.9.1). Tininess is detected after rounding.</summary>
internal static class FloatRounding
{
    /// <summary>What an unmasked overflow or underflow takes from, or adds to, the exponent (SDM vol. 1, 8.5.4).</summary>
    public const int ExponentWrap = 24576;

    /// <summary>Rounds a number.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="negative">The sign.</param>
    /// <param name="exponent">Exponent of bit 63 of <paramref name="high"/>.</param>
    /// <param name="high">The significand's upper half, bit 63 set.</param>
    /// <param name="low">Its lower half; the last bit stands for everything below.</param>
    /// <param name="format">The format.</param>
    public static FloatValue Round(ref FloatContext c, bool negative, int exponent, ulong high, ulong low, in FloatFormat format)
    {
        int dropped = 64 - format.Precision;
        int below = format.MinExponent - exponent;
        bool tiny = below > 0 && (below > 1 || !ReachesNextBinade(c.Rounding, negative, high, low, dropped));
        bool underflows = false;
        bool wrapped = false;
        if (below > 0)
        {
            bool masked = (c.Masks & FloatFlags.Underflow) != 0;
            if (tiny && masked && c.FlushToZero)
            {
                c.Flags |= FloatFlags.Underflow | FloatFlags.Precision;
                return FloatValue.Zero(negative);
            }

            if (tiny && !masked)
            {
                // The exception sees the result as if the exponent had no lower limit.
                c.Flags |= FloatFlags.Underflow;
                exponent += ExponentWrap;
                wrapped = true;
                below = 0;
            }

            underflows = tiny && masked;
        }

        if (below > 0)
        {
            ShiftRight(ref high, ref low, below);
            exponent = format.MinExponent;
        }

        ulong fraction = dropped == 0 ? low : (high << format.Precision) | (low != 0 ? 1UL : 0);
        high = dropped == 0 ? high : (high >> dropped) << dropped;
        bool up = Increments(c.Rounding, negative, fraction, (high >> dropped & 1) != 0);
        c.RoundedUp = up;
        if (fraction != 0)
        {
            c.Flags |= FloatFlags.Precision | (underflows ? FloatFlags.Underflow : 0);
        }

        if (up)
        {
            high += 1UL << dropped;
            if (high == 0)
            {
                high = FloatValue.IntegerBit;
                exponent++;
            }
        }

        if (exponent > format.MaxExponent && !wrapped)
        {
            return Overflow(ref c, negative, exponent, high, format);
        }

        if ((long)high >= 0)
        {
            if (high == 0)
            {
                return FloatValue.Zero(negative);
            }

            int shift = BitOperations.LeadingZeroCount(high);
            high <<= shift;
            exponent -= shift;
        }

        return FloatValue.Finite(negative, exponent, high);
    }

    /// <summary>Shifts a 128-bit number right; what falls out is kept in the last bit.</summary>
    /// <param name="high">Upper half.</param>
    /// <param name="low">Lower half.</param>
    /// <param name="count">Bits, at least 1.</param>
    public static void ShiftRight(ref ulong high, ref ulong low, int count)
    {
        if (count < 64)
        {
            ulong lost = low << (64 - count);
            low = (high << (64 - count)) | (low >> count) | (lost != 0 ? 1UL : 0);
            high >>= count;
        }
        else if (count < 128)
        {
            ulong lost = low | (count == 64 ? 0 : high << (128 - count));
            low = (high >> (count - 64)) | (lost != 0 ? 1UL : 0);
            high = 0;
        }
        else
        {
            low = (high | low) != 0 ? 1UL : 0;
            high = 0;
        }
    }

    /// <summary>Whether rounding adds one unit in the last place.</summary>
    /// <param name="rounding">The rounding.</param>
    /// <param name="negative">The sign.</param>
    /// <param name="fraction">The part to be dropped, bit 63 its half; the last bit stands for everything below.</param>
    /// <param name="odd">Whether the kept part is odd.</param>
    public static bool Increments(RoundingMode rounding, bool negative, ulong fraction, bool odd) => rounding switch
    {
        RoundingMode.Nearest => fraction > FloatValue.IntegerBit || (fraction == FloatValue.IntegerBit && odd),
        RoundingMode.Down => negative && fraction != 0,
        RoundingMode.Up => !negative && fraction != 0,
        _ => false,
    };

    private static bool ReachesNextBinade(RoundingMode rounding, bool negative, ulong high, ulong low, int dropped)
    {
        ulong mask = (1UL << dropped) - 1;
        ulong fraction = dropped == 0 ? low : (high << (64 - dropped)) | (low != 0 ? 1UL : 0);
        return (high | mask) == ulong.MaxValue && Increments(rounding, negative, fraction, odd: true);
    }

    private static FloatValue Overflow(ref FloatContext c, bool negative, int exponent, ulong high, in FloatFormat format)
    {
        c.Flags |= FloatFlags.Overflow;
        if ((c.Masks & FloatFlags.Overflow) == 0)
        {
            return FloatValue.Finite(negative, exponent - ExponentWrap, high);
        }

        c.Flags |= FloatFlags.Precision;
        bool infinite = c.Rounding switch
        {
            RoundingMode.Nearest => true,
            RoundingMode.Down => negative,
            RoundingMode.Up => !negative,
            _ => false,
        };
        c.RoundedUp = infinite;
        return infinite
            ? FloatValue.Infinity(negative)
            : FloatValue.Finite(negative, format.MaxExponent, ulong.MaxValue << (64 - format.Precision));
    }
}
