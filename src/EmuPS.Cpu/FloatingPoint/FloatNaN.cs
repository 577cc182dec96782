namespace EmuPS.Cpu.FloatingPoint;

/// <summary>What comes out when a NaN goes in (SDM vol. 1, table 4-7).</summary>
internal static class FloatNaN
{
    /// <summary>The result of an operation of one operand that is a NaN.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The operand.</param>
    public static FloatValue Propagate(ref FloatContext c, in FloatValue a)
    {
        if (a.Class == FloatClass.Unsupported)
        {
            return c.Invalid();
        }

        if (a.Class == FloatClass.SignallingNaN)
        {
            c.Flags |= FloatFlags.Invalid;
        }

        return a.Quieted();
    }

    /// <summary>The result of an operation of two operands of which at least one is a NaN.</summary>
    /// <param name="c">The environment.</param>
    /// <param name="a">The first operand (destination).</param>
    /// <param name="b">The second operand (source).</param>
    public static FloatValue Propagate(ref FloatContext c, in FloatValue a, in FloatValue b)
    {
        if (a.Class == FloatClass.Unsupported || b.Class == FloatClass.Unsupported)
        {
            return c.Invalid();
        }

        bool aSignals = a.Class == FloatClass.SignallingNaN;
        bool bSignals = b.Class == FloatClass.SignallingNaN;
        if (aSignals || bSignals)
        {
            c.Flags |= FloatFlags.Invalid;
        }

        if (!a.IsNaN || !b.IsNaN)
        {
            return a.IsNaN ? a.Quieted() : b.Quieted();
        }

        if (!c.X87)
        {
            return a.Quieted();
        }

        if (aSignals != bSignals)
        {
            return aSignals ? b : a;
        }

        FloatValue first = a.Quieted();
        FloatValue second = b.Quieted();
        if (first.Significand != second.Significand)
        {
            return first.Significand > second.Significand ? first : second;
        }

        return first.Negative ? second : first;
    }
}
