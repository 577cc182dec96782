using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Iced's flag bits as bits of RFLAGS.</summary>
internal static class RflagsMask
{
    /// <summary>The six status flags among some bits, at their architectural positions.</summary>
    /// <param name="bits">Iced's bits.</param>
    public static ulong ToStatusMask(this RflagsBits bits)
        => ((bits & RflagsBits.CF) != 0 ? 1UL : 0) | ((bits & RflagsBits.PF) != 0 ? 4UL : 0) | ((bits & RflagsBits.AF) != 0 ? 16UL : 0)
        | ((bits & RflagsBits.ZF) != 0 ? 64UL : 0) | ((bits & RflagsBits.SF) != 0 ? 128UL : 0) | ((bits & RflagsBits.OF) != 0 ? 2048UL : 0);
}
