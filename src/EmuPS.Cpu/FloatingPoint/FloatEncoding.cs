using System.Numerics;

namespace EmuPS.Cpu.FloatingPoint;

/// <summary>From bit patterns to <see cref="FloatValue"/> and back (SDM vol. 1, 4.2.2 and 8.2).</summary>
internal static class FloatEncoding
{
    /// <summary>Takes a 32-bit number apart.</summary>
    /// <param name="bits">The pattern.</param>
    /// <param name="denormalsAreZero">Denormals count as zeros.</param>
    public static FloatValue UnpackSingle(uint bits, bool denormalsAreZero = false)
        => Unpack(bits >> 31 != 0, (int)(bits >> 23) & 0xFF, (ulong)bits << 41, 0xFF, 127, denormalsAreZero);

    /// <summary>Takes a 64-bit number apart.</summary>
    /// <param name="bits">The pattern.</param>
    /// <param name="denormalsAreZero">Denormals count as zeros.</param>
    public static FloatValue UnpackDouble(ulong bits, bool denormalsAreZero = false)
        => Unpack(bits >> 63 != 0, (int)(bits >> 52) & 0x7FF, bits << 12, 0x7FF, 1023, denormalsAreZero);

    /// <summary>Takes an 80-bit number apart.</summary>
    /// <param name="significand">The lower 64 bits.</param>
    /// <param name="signExponent">The upper 16 bits.</param>
    public static FloatValue UnpackExtended(ulong significand, ushort signExponent)
    {
        FloatValue value = default;
        value.Negative = (signExponent & 0x8000) != 0;
        value.Significand = significand;
        int biased = signExponent & 0x7FFF;
        bool integer = significand >= FloatValue.IntegerBit;
        if (biased == 0x7FFF)
        {
            value.Class = !integer ? FloatClass.Unsupported
                : significand == FloatValue.IntegerBit ? FloatClass.Infinity
                : (significand & FloatValue.QuietBit) != 0 ? FloatClass.QuietNaN : FloatClass.SignallingNaN;
        }
        else if (biased == 0)
        {
            if (significand != 0)
            {
                // Pseudo-denormals (integer bit set) have the value of the smallest exponent too.
                int shift = BitOperations.LeadingZeroCount(significand);
                value.Class = FloatClass.Finite;
                value.IsDenormal = true;
                value.Significand = significand << shift;
                value.Exponent = -16382 - shift;
            }
        }
        else
        {
            value.Class = integer ? FloatClass.Finite : FloatClass.Unsupported;
            value.Exponent = biased - 16383;
        }

        return value;
    }

    /// <summary>Makes a 32-bit pattern of a value that was rounded to 32 bits.</summary>
    /// <param name="value">The value.</param>
    public static uint PackSingle(in FloatValue value)
    {
        uint sign = value.Negative ? 1U << 31 : 0;
        switch (value.Class)
        {
            case FloatClass.Zero:
                return sign;
            case FloatClass.Infinity:
                return sign | 0x7F80_0000;
            case FloatClass.Finite:
                int shift = -126 - value.Exponent;
                return shift > 0
                    ? sign | (uint)(value.Significand >> (40 + shift))
                    : sign | ((uint)(value.Exponent + 127) << 23) | ((uint)(value.Significand >> 40) & 0x7F_FFFF);
            default:
                return sign | 0x7F80_0000 | ((uint)(value.Significand >> 40) & 0x7F_FFFF);
        }
    }

    /// <summary>Makes a 64-bit pattern of a value that was rounded to 64 bits.</summary>
    /// <param name="value">The value.</param>
    public static ulong PackDouble(in FloatValue value)
    {
        ulong sign = value.Negative ? 1UL << 63 : 0;
        switch (value.Class)
        {
            case FloatClass.Zero:
                return sign;
            case FloatClass.Infinity:
                return sign | (0x7FFUL << 52);
            case FloatClass.Finite:
                int shift = -1022 - value.Exponent;
                return shift > 0
                    ? sign | (value.Significand >> (11 + shift))
                    : sign | ((ulong)(value.Exponent + 1023) << 52) | ((value.Significand >> 11) & 0xF_FFFF_FFFF_FFFF);
            default:
                return sign | (0x7FFUL << 52) | ((value.Significand >> 11) & 0xF_FFFF_FFFF_FFFF);
        }
    }

    /// <summary>Makes an 80-bit pattern.</summary>
    /// <param name="value">The value.</param>
    /// <param name="signExponent">The upper 16 bits.</param>
    /// <returns>The lower 64 bits.</returns>
    public static ulong PackExtended(in FloatValue value, out ushort signExponent)
    {
        int sign = value.Negative ? 0x8000 : 0;
        switch (value.Class)
        {
            case FloatClass.Zero:
                signExponent = (ushort)sign;
                return 0;
            case FloatClass.Finite:
                int shift = -16382 - value.Exponent;
                signExponent = (ushort)(shift > 0 ? sign : sign | (value.Exponent + 16383));
                return shift > 0 ? value.Significand >> shift : value.Significand;
            default:
                signExponent = (ushort)(sign | 0x7FFF);
                return value.Significand;
        }
    }

    private static FloatValue Unpack(bool negative, int biased, ulong fraction, int top, int bias, bool denormalsAreZero)
    {
        FloatValue value = default;
        value.Negative = negative;
        if (biased == top)
        {
            value.Significand = FloatValue.IntegerBit | (fraction >> 1);
            value.Class = fraction == 0 ? FloatClass.Infinity : (long)fraction < 0 ? FloatClass.QuietNaN : FloatClass.SignallingNaN;
        }
        else if (biased != 0)
        {
            value.Significand = FloatValue.IntegerBit | (fraction >> 1);
            value.Exponent = biased - bias;
            value.Class = FloatClass.Finite;
        }
        else if (fraction != 0 && !denormalsAreZero)
        {
            int shift = BitOperations.LeadingZeroCount(fraction);
            value.Significand = fraction << shift;
            value.Exponent = -bias - shift;
            value.Class = FloatClass.Finite;
            value.IsDenormal = true;
        }

        return value;
    }
}
