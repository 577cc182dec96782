using System.Numerics;

namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Elementary functions on fixed-point numbers with <see cref="Bits"/> binary places. Results are good to a few units in the last place, far below the 64 bits of a significand.</summary>
internal static class FixedPoint
{
    /// <summary>Binary places.</summary>
    public const int Bits = 192;

    /// <summary>The number one.</summary>
    public static readonly BigInteger One = BigInteger.One << Bits;

    /// <summary>The natural logarithm of two.</summary>
    public static readonly BigInteger LogOf2 = 2 * InverseHyperbolicTangent(One / 3);

    /// <summary>Pi, by Machin's formula.</summary>
    public static readonly BigInteger Pi = (16 * ArcTangent(One / 5)) - (4 * ArcTangent(One / 239));

    /// <summary>Product.</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    public static BigInteger Multiply(BigInteger a, BigInteger b) => (a * b) >> Bits;

    /// <summary>Quotient.</summary>
    /// <param name="a">Dividend.</param>
    /// <param name="b">Divisor.</param>
    public static BigInteger Divide(BigInteger a, BigInteger b) => (a << Bits) / b;

    /// <summary>Sine, by its power series.</summary>
    /// <param name="x">An angle of magnitude below 1.</param>
    public static BigInteger Sine(BigInteger x)
    {
        BigInteger square = Multiply(x, x);
        BigInteger term = x;
        BigInteger sum = x;
        for (int n = 2; !IsNothing(term); n += 2)
        {
            term = -Multiply(term, square) / (n * (n + 1));
            sum += term;
        }

        return sum;
    }

    /// <summary>Cosine, by its power series.</summary>
    /// <param name="x">An angle of magnitude below 1.</param>
    public static BigInteger Cosine(BigInteger x)
    {
        BigInteger square = Multiply(x, x);
        BigInteger term = One;
        BigInteger sum = One;
        for (int n = 1; !IsNothing(term); n += 2)
        {
            term = -Multiply(term, square) / (n * (n + 1));
            sum += term;
        }

        return sum;
    }

    /// <summary>e^x - 1, by its power series.</summary>
    /// <param name="x">A number of magnitude below 1.</param>
    public static BigInteger ExponentialMinus1(BigInteger x)
    {
        BigInteger term = x;
        BigInteger sum = x;
        for (int n = 2; !IsNothing(term); n++)
        {
            term = Multiply(term, x) / n;
            sum += term;
        }

        return sum;
    }

    /// <summary>Inverse hyperbolic tangent, by its power series: half the logarithm of (1 + x) / (1 - x).</summary>
    /// <param name="x">A number of magnitude well below 1.</param>
    public static BigInteger InverseHyperbolicTangent(BigInteger x) => OddSeries(x, alternate: false);

    /// <summary>Arc tangent.</summary>
    /// <param name="x">A number from 0 to 1.</param>
    public static BigInteger ArcTangent(BigInteger x)
    {
        // Above tan(pi/8), or some 0.41, the series would be slow: atan(x) = pi/4 - atan((1 - x) / (1 + x)).
        return x * 12 > One * 5
            ? (Pi >> 2) - OddSeries(Divide(One - x, One + x), alternate: true)
            : OddSeries(x, alternate: true);
    }

    /// <summary>x + x^3/3 + x^5/5 and so on, or with alternating signs.</summary>
    private static BigInteger OddSeries(BigInteger x, bool alternate)
    {
        BigInteger square = Multiply(x, x);
        BigInteger power = x;
        BigInteger sum = x;
        for (int n = 3; !IsNothing(power); n += 2)
        {
            power = Multiply(power, square);
            if (alternate)
            {
                power = -power;
            }

            sum += power / n;
        }

        return sum;
    }

    /// <summary>Nothing is left: a right shift of a negative number ends at -1.</summary>
    private static bool IsNothing(BigInteger term) => term.IsZero || term == BigInteger.MinusOne;
}
