using EmuPS.Cpu.Decoding;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Registers the x87 and SSE floating-point families.</summary>
internal static class FloatingPointFamilies
{
    /// <summary>Adds every family's mnemonics to the table.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        SseArithmetic.Register(table);
        SseComparisons.Register(table);
        SseConversions.Register(table);
        SseHorizontal.Register(table);
        X87Control.Register(table);
        X87Transfers.Register(table);
        X87Arithmetic.Register(table);
        X87Comparisons.Register(table);
        X87Unary.Register(table);
        X87Transcendental.Register(table);
        X87Decimal.Register(table);
        X87Environment.Register(table);
    }
}
