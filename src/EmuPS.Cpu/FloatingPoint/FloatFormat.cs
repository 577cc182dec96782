namespace EmuPS.Cpu.FloatingPoint;

/// <summary>What a result is rounded to.</summary>
/// <param name="Precision">Bits of the significand, the integer bit included.</param>
/// <param name="MaxExponent">Exponent of the largest numbers; 1 minus it is that of the smallest normal ones.</param>
internal readonly record struct FloatFormat(int Precision, int MaxExponent)
{
    /// <summary>32 bits.</summary>
    public static FloatFormat Single => new(24, 127);

    /// <summary>64 bits.</summary>
    public static FloatFormat Double => new(53, 1023);

    /// <summary>80 bits.</summary>
    public static FloatFormat Extended => new(64, 16383);

    /// <summary>Exponent of the smallest normal numbers.</summary>
    public int MinExponent => 1 - MaxExponent;

    /// <summary>What x87 arithmetic rounds to: the precision of FCW.PC with the exponent range of the registers (SDM vol. 1, 8.1.5.2).</summary>
    /// <param name="fcw">The control word.</param>
    public static FloatFormat OfControlWord(ushort fcw) => new(((fcw >> 8) & 3) switch { 0 => 24, 2 => 53, _ => 64 }, 16383);
}
