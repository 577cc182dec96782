namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Comparison.</summary>
internal static class FloatComparison
{
    /// <summary>Compares two values.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    /// <param name="quietIsInvalid">A quiet NaN is an invalid operand too (COMI, CMPLT, FCOM).</param>
    public static FloatRelation Compare(ref FloatContext c, in FloatValue a, in FloatValue b, bool quietIsInvalid)
    {
        if (a.IsNaN || b.IsNaN)
        {
            if (quietIsInvalid || a.Class > FloatClass.QuietNaN || b.Class > FloatClass.QuietNaN)
            {
                c.Flags |= FloatFlags.Invalid;
            }

            return FloatRelation.Unordered;
        }

        FloatArithmetic.NoteDenormals(ref c, a, b);
        return Order(a, b);
    }

    /// <summary>Compares two values that are no NaNs.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    public static FloatRelation Order(in FloatValue a, in FloatValue b)
    {
        if (a.IsZero && b.IsZero)
        {
            return FloatRelation.Equal;
        }

        if (a.IsZero)
        {
            return b.Negative ? FloatRelation.Greater : FloatRelation.Less;
        }

        if (b.IsZero || a.Negative != b.Negative)
        {
            return a.Negative ? FloatRelation.Less : FloatRelation.Greater;
        }

        int order = Magnitude(a, b);
        return order == 0 ? FloatRelation.Equal : order < 0 != a.Negative ? FloatRelation.Less : FloatRelation.Greater;
    }

    /// <summary>Compares magnitudes of two values that are neither zeros nor NaNs.</summary>
    private static int Magnitude(in FloatValue a, in FloatValue b)
    {
        if (a.IsInfinity || b.IsInfinity)
        {
            return a.IsInfinity == b.IsInfinity ? 0 : a.IsInfinity ? 1 : -1;
        }

        return a.Exponent != b.Exponent ? a.Exponent.CompareTo(b.Exponent) : a.Significand.CompareTo(b.Significand);
    }
}
