using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class BranchesTests
{
    private static readonly Mnemonic[] Mnemonics =
    [
        Mnemonic.Jmp, Mnemonic.Call, Mnemonic.Ret, Mnemonic.Jcxz, Mnemonic.Jecxz, Mnemonic.Jrcxz, Mnemonic.Loop, Mnemonic.Loope, Mnemonic.Loopne,
    ];

    [HostProcessorFact]
    public void Every_form_agrees_with_the_real_processor() => InstructionComparison.Check(Mnemonics);

    [HostProcessor32Fact]
    public void Every_form_agrees_with_the_real_processor_in_32_bit_mode()
        => InstructionComparison.Check(Mnemonics, new ComparisonOptions { Bits = 32 });
}
