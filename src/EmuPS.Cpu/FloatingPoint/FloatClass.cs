namespace EmuPS.Cpu.FloatingPoint;

/// <summary>What kind of number a <see cref="FloatValue"/> is. The order matters: everything from <see cref="QuietNaN"/> on is not a number.</summary>
internal enum FloatClass : byte
{
    /// <summary>Plus or minus zero.</summary>
    Zero,

    /// <summary>A finite number other than zero, normal or denormal.</summary>
    Finite,

    /// <summary>Plus or minus infinity.</summary>
    Infinity,

    /// <summary>A quiet NaN.</summary>
    QuietNaN,

    /// <summary>A signalling NaN.</summary>
    SignallingNaN,

    /// <summary>An 80-bit pattern that no processor since the 387 accepts: unnormal, pseudo-infinity, pseudo-NaN.</summary>
    Unsupported,
}
