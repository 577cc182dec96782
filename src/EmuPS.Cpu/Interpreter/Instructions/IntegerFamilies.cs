using EmuPS.Cpu.Decoding;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Registers the integer instruction families.</summary>
internal static class IntegerFamilies
{
    /// <summary>Adds every family's mnemonics to the table.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        Arithmetic.Register(table);
        Moves.Register(table);
        Conditionals.Register(table);
        Stack.Register(table);
        Branches.Register(table);
        Shifts.Register(table);
        Multiplication.Register(table);
        BitTests.Register(table);
        BitManipulation.Register(table);
        Exchanges.Register(table);
        Strings.Register(table);
        Miscellaneous.Register(table);
        DecimalArithmetic.Register(table);
    }
}
