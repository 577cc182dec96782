namespace EmuPS.Cpu.FloatingPoint;

/// <summary>A floating-point number taken apart; the same for all formats.</summary>
internal struct FloatValue
{
    /// <summary>Significand: a finite number's value is Significand * 2^(Exponent - 63), with bit 63 set even if it was denormal. Of a NaN, bit 62 is the quiet bit and the payload lies below.</summary>
    public ulong Significand;

    /// <summary>Unbiased exponent of bit 63; meaningful for finite numbers.</summary>
    public int Exponent;

    /// <summary>The kind.</summary>
    public FloatClass Class;

    /// <summary>The sign bit.</summary>
    public bool Negative;

    /// <summary>The number was stored as a denormal.</summary>
    public bool IsDenormal;

    /// <summary>The integer bit of a significand.</summary>
    public const ulong IntegerBit = 1UL << 63;

    /// <summary>The bit that makes a NaN quiet.</summary>
    public const ulong QuietBit = 1UL << 62;

    /// <summary>The NaN that masked invalid operations give ("real indefinite").</summary>
    public static FloatValue Indefinite => new() { Class = FloatClass.QuietNaN, Negative = true, Significand = IntegerBit | QuietBit };

    /// <summary>The number one.</summary>
    public static FloatValue One => new() { Class = FloatClass.Finite, Significand = IntegerBit };

    /// <summary>Quiet, signalling, or an unsupported pattern.</summary>
    public readonly bool IsNaN => Class >= FloatClass.QuietNaN;

    /// <summary>A zero.</summary>
    public readonly bool IsZero => Class == FloatClass.Zero;

    /// <summary>Finite and not zero.</summary>
    public readonly bool IsFinite => Class == FloatClass.Finite;

    /// <summary>An infinity.</summary>
    public readonly bool IsInfinity => Class == FloatClass.Infinity;

    /// <summary>A zero of the given sign.</summary>
    /// <param name="negative">The sign.</param>
    public static FloatValue Zero(bool negative) => new() { Class = FloatClass.Zero, Negative = negative };

    /// <summary>An infinity of the given sign.</summary>
    /// <param name="negative">The sign.</param>
    public static FloatValue Infinity(bool negative) => new() { Class = FloatClass.Infinity, Negative = negative, Significand = IntegerBit };

    /// <summary>A finite number.</summary>
    /// <param name="negative">The sign.</param>
    /// <param name="exponent">Exponent of bit 63.</param>
    /// <param name="significand">Significand with bit 63 set.</param>
    public static FloatValue Finite(bool negative, int exponent, ulong significand)
        => new() { Class = FloatClass.Finite, Negative = negative, Exponent = exponent, Significand = significand };

    /// <summary>The same number with the given sign.</summary>
    /// <param name="negative">The sign.</param>
    public readonly FloatValue WithSign(bool negative)
    {
        FloatValue result = this;
        result.Negative = negative;
        return result;
    }

    /// <summary>A NaN made quiet.</summary>
    public readonly FloatValue Quieted()
    {
        FloatValue result = this;
        result.Class = FloatClass.QuietNaN;
        result.Significand |= QuietBit;
        return result;
    }
}
