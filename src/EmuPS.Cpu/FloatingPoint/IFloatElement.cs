namespace EmuPS.Cpu.FloatingPoint;

/// <summary>A format of vector elements; patterns travel in the lower bits of 64-bit integers.</summary>
internal interface IFloatElement
{
    /// <summary>Bits of an element: 32 or 64.</summary>
    static abstract int Bits { get; }

    /// <summary>The format.</summary>
    static abstract FloatFormat Format { get; }

    /// <summary>Takes a pattern apart.</summary>
    /// <param name="bits">The pattern; upper bits are ignored.</param>
    /// <param name="denormalsAreZero">Denormals count as zeros.</param>
    static abstract FloatValue Unpack(ulong bits, bool denormalsAreZero);

    /// <summary>Makes a pattern of a value rounded to the format.</summary>
    /// <param name="value">The value.</param>
    static abstract ulong Pack(in FloatValue value);
}
