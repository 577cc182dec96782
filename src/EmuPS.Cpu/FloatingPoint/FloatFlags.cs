namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Floating-point exceptions, at their positions in FSW and MXCSR (SDM vol. 1, 4.9.1).</summary>
internal static class FloatFlags
{
    /// <summary>IE: invalid operation.</summary>
    public const uint Invalid = 1;

    /// <summary>DE: denormal operand.</summary>
    public const uint Denormal = 2;

    /// <summary>ZE: division by zero.</summary>
    public const uint ZeroDivide = 4;

    /// <summary>OE: overflow.</summary>
    public const uint Overflow = 8;

    /// <summary>UE: underflow.</summary>
    public const uint Underflow = 16;

    /// <summary>PE: inexact result.</summary>
    public const uint Precision = 32;

    /// <summary>The exceptions found before a result is computed; unmasked, they leave the destination alone.</summary>
    public const uint BeforeResult = Invalid | Denormal | ZeroDivide;

    /// <summary>All six.</summary>
    public const uint All = 63;
}
