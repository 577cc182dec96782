using EmuPS.Cpu.Decoding;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Registers the x87, MMX and SSE instruction families.</summary>
internal static class VectorFamilies
{
    /// <summary>Adds every family's mnemonics to the table.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        VectorMoves.Register(table);
        PackedLogic.Register(table);
        PackedArithmetic.Register(table);
        PackedMultiplication.Register(table);
        PackedShifts.Register(table);
        PackedShuffles.Register(table);
        PackedExtensions.Register(table);
        PackedSelections.Register(table);
        VectorElements.Register(table);
        ExtendedState.Register(table);
        StringComparisons.Register(table);
        Encryption.Register(table);
        SecureHash.Register(table);
        FloatingPointFamilies.Register(table);
    }
}
