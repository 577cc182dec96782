using Iced.Intel;

namespace EmuPS.Cpu.Decoding;

/// <summary>Which instructions end a block although control goes on behind them.</summary>
internal static class BlockEnds
{
    /// <summary>Whether the mode, a TLB bank or the interrupt state may differ after the instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    public static bool After(in Instruction instruction) => instruction.IsPrivileged;
}
