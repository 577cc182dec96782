namespace EmuPS.Cpu.FloatingPoint;

/// <summary>The environment of one operation: how to round, what is masked, and the exceptions it found.</summary>
internal struct FloatContext
{
    /// <summary>The rounding.</summary>
    public RoundingMode Rounding;

    /// <summary>Masked exceptions, as <see cref="FloatFlags"/>.</summary>
    public uint Masks;

    /// <summary>Exceptions found, as <see cref="FloatFlags"/>.</summary>
    public uint Flags;

    /// <summary>MXCSR.FTZ.</summary>
    public bool FlushToZero;

    /// <summary>MXCSR.DAZ.</summary>
    public bool DenormalsAreZero;

    /// <summary>x87 rules: choice among NaNs, and unmasked overflow and underflow give a result with a wrapped exponent.</summary>
    public bool X87;

    /// <summary>The last rounding made the magnitude larger (x87's C1).</summary>
    public bool RoundedUp;

    /// <summary>The environment is that of host arithmetic: to nearest, everything masked, denormals as they are. Only then may host arithmetic stand in.</summary>
    public bool HostLike;

    /// <summary>PE was set before: whether a result is inexact changes nothing.</summary>
    public bool PrecisionKnown;

    /// <summary>Exceptions found that are not masked.</summary>
    public readonly uint Unmasked => Flags & ~Masks;

    /// <summary>The environment of an SSE instruction.</summary>
    /// <param name="mxcsr">MXCSR.</param>
    public static FloatContext OfMxcsr(uint mxcsr) => new()
    {
        Rounding = (RoundingMode)((mxcsr >> 13) & 3),
        Masks = (mxcsr >> 7) & FloatFlags.All,
        FlushToZero = (mxcsr & 0x8000) != 0,
        DenormalsAreZero = (mxcsr & 0x40) != 0,
        HostLike = (mxcsr & 0xFFC0) == 0x1F80,
        PrecisionKnown = (mxcsr & FloatFlags.Precision) != 0,
    };

    /// <summary>The environment of an x87 instruction.</summary>
    /// <param name="fcw">The control word.</param>
    public static FloatContext OfControlWord(ushort fcw) => new()
    {
        Rounding = (RoundingMode)((fcw >> 10) & 3),
        Masks = fcw & FloatFlags.All,
        X87 = true,
    };

    /// <summary>Notes an invalid operation.</summary>
    /// <returns>Its masked result.</returns>
    public FloatValue Invalid()
    {
        Flags |= FloatFlags.Invalid;
        return FloatValue.Indefinite;
    }
}
