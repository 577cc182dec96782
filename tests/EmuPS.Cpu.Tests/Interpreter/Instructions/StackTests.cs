using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class StackTests
{
    private static readonly Mnemonic[] Mnemonics =
    [
        Mnemonic.Push, Mnemonic.Pop, Mnemonic.Pusha, Mnemonic.Pushad, Mnemonic.Popa, Mnemonic.Popad, Mnemonic.Leave, Mnemonic.Enter,
    ];

    [HostProcessorFact]
    public void Every_form_agrees_with_the_real_processor() => InstructionComparison.Check(Mnemonics, new ComparisonOptions { Include = IsNoSegmentLoad });

    [HostProcessor32Fact]
    public void Every_form_agrees_with_the_real_processor_in_32_bit_mode()
        => InstructionComparison.Check(Mnemonics, new ComparisonOptions { Bits = 32, Include = IsNoSegmentLoad });

    // What a selector loads depends on the descriptor table.
    private static bool IsNoSegmentLoad(Code code)
        => code.Mnemonic() != Mnemonic.Pop || code.ToOpCode().Op0Kind is not (>= OpCodeOperandKind.es and <= OpCodeOperandKind.gs);
}
