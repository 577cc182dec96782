namespace EmuPS.Cpu.FloatingPoint;

/// <summary>Rounding as the RC fields of FCW, MXCSR and the ROUND instructions encode it (SDM vol. 1, 4.8.4).</summary>
internal enum RoundingMode
{
    /// <summary>To nearest, ties to even.</summary>
    Nearest = 0,

    /// <summary>Toward minus infinity.</summary>
    Down = 1,

    /// <summary>Toward plus infinity.</summary>
    Up = 2,

    /// <summary>Toward zero.</summary>
    Zero = 3,
}
