using System.Numerics;

namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Rounding of wide integers that approximate an irrational number.</summary>
internal static class FloatWide
{
    /// <summary>Rounds an inexact number to 80 bits.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="value">The number, not zero.</param>
    /// <param name="exponent">Exponent of its last bit.</param>
    public static FloatValue Round(ref FloatContext c, BigInteger value, int exponent)
    {
        bool negative = value.Sign < 0;
        BigInteger magnitude = BigInteger.Abs(value);
        int bits = (int)magnitude.GetBitLength();
        BigInteger aligned = bits <= 128 ? magnitude << (128 - bits) : magnitude >> (bits - 128);
        ulong high = (ulong)(aligned >> 64);
        ulong low = (ulong)(aligned & ulong.MaxValue);
        return FloatRounding.Round(ref c, negative, exponent + bits - 1, high, low | 1, FloatFormat.Extended);
    }

    /// <summary>Rounds a number slightly closer to zero than <paramref name="a"/>.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">A finite number.</param>
    public static FloatValue RoundBelow(ref FloatContext c, in FloatValue a)
        => a.Significand == FloatValue.IntegerBit
            ? FloatRounding.Round(ref c, a.Negative, a.Exponent - 1, ulong.MaxValue, ulong.MaxValue, FloatFormat.Extended)
            : FloatRounding.Round(ref c, a.Negative, a.Exponent, a.Significand - 1, ulong.MaxValue, FloatFormat.Extended);

    /// <summary>Rounds a number slightly further from zero than <paramref name="a"/>.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">A finite number.</param>
    public static FloatValue RoundAbove(ref FloatContext c, in FloatValue a)
        => FloatRounding.Round(ref c, a.Negative, a.Exponent, a.Significand, 1, FloatFormat.Extended);
}
