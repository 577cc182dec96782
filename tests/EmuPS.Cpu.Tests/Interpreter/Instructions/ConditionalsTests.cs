using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class ConditionalsTests
{
    private static readonly Mnemonic[] Mnemonics =
    [
        Mnemonic.Jo, Mnemonic.Seto, Mnemonic.Cmovo, Mnemonic.Jno, Mnemonic.Setno, Mnemonic.Cmovno, Mnemonic.Jb, Mnemonic.Setb, Mnemonic.Cmovb,
        Mnemonic.Jae, Mnemonic.Setae, Mnemonic.Cmovae, Mnemonic.Je, Mnemonic.Sete, Mnemonic.Cmove, Mnemonic.Jne, Mnemonic.Setne, Mnemonic.Cmovne,
        Mnemonic.Jbe, Mnemonic.Setbe, Mnemonic.Cmovbe, Mnemonic.Ja, Mnemonic.Seta, Mnemonic.Cmova, Mnemonic.Js, Mnemonic.Sets, Mnemonic.Cmovs,
        Mnemonic.Jns, Mnemonic.Setns, Mnemonic.Cmovns, Mnemonic.Jp, Mnemonic.Setp, Mnemonic.Cmovp, Mnemonic.Jnp, Mnemonic.Setnp, Mnemonic.Cmovnp,
        Mnemonic.Jl, Mnemonic.Setl, Mnemonic.Cmovl, Mnemonic.Jge, Mnemonic.Setge, Mnemonic.Cmovge, Mnemonic.Jle, Mnemonic.Setle, Mnemonic.Cmovle,
        Mnemonic.Jg, Mnemonic.Setg, Mnemonic.Cmovg,
    ];

    [HostProcessorFact]
    public void Every_form_agrees_with_the_real_processor() => InstructionComparison.Check(Mnemonics);

    [HostProcessor32Fact]
    public void Every_form_agrees_with_the_real_processor_in_32_bit_mode()
        => InstructionComparison.Check(Mnemonics, new ComparisonOptions { Bits = 32 });
}
