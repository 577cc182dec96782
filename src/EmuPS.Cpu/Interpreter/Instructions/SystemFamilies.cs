using EmuPS.Cpu.Decoding;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Registers the privileged and system instruction families.</summary>
internal static class SystemFamilies
{
    /// <summary>Adds every family's mnemonics to the table.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        SegmentMoves.Register(table);
        FarPointers.Register(table);
        FarTransfers.Register(table);
        InterruptReturns.Register(table);
        DescriptorTables.Register(table);
        SegmentQueries.Register(table);
        SystemCalls.Register(table);
        BaseRegisters.Register(table);
        ControlRegisters.Register(table);
        CacheControl.Register(table);
        Ports.Register(table);
        Interrupts.Register(table);
        Identification.Register(table);
        ModelSpecificRegisters.Register(table);
    }
}
