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
    public void Every_form_agrees_with_the_real_processor() => InstructionComparison.Check(Mnemonics, new ComparisonOptions { Include = IsNear });

    [HostProcessor32Fact]
    public void Every_form_agrees_with_the_real_processor_in_32_bit_mode()
        => InstructionComparison.Check(Mnemonics, new ComparisonOptions { Bits = 32, Include = IsNear });

    private static bool IsNear(Code code)
        => code is not (>= Code.Jmp_m1616 and <= Code.Jmp_m1664 or >= Code.Call_m1616 and <= Code.Call_m1664 or Code.Jmp_ptr1616 or Code.Jmp_ptr1632 or Code.Call_ptr1616 or Code.Call_ptr1632);
}
