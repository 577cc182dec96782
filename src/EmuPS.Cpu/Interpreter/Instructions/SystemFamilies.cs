using EmuPS.Cpu.Decoding;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Registers the privileged and system instruction families.</summary>
internal static class SystemFamilies
{
    /// <summary>Adds every family's mnemonics to the table.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
    }
}
