namespace EmuPS.Cpu.FloatingPoint;

/// <summary>The outcome of a comparison.</summary>
internal enum FloatRelation
{
    /// <summary>The first operand is smaller.</summary>
    Less,

    /// <summary>Equal; zeros of both signs are.</summary>
    Equal,

    /// <summary>The first operand is larger.</summary>
    Greater,

    /// <summary>At least one operand is a NaN.</summary>
    Unordered,
}
