namespace EmuPS.Cpu.Translation;

/// <summary>Which vector instructions the guest's control registers allow, and translated code therefore executes natively. The interpreter executes the others, and raises what they raise.</summary>
internal enum VectorLevel
{
    /// <summary>None.</summary>
    None,

    /// <summary>Legacy-encoded SSE instructions.</summary>
    Sse,

    /// <summary>VEX-encoded ones too.</summary>
    Avx,
}
