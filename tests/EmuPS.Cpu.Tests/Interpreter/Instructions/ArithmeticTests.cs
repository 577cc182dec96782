using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class ArithmeticTests
{
    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Every_form_agrees_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Add, Mnemonic.Adc, Mnemonic.Sub, Mnemonic.Sbb, Mnemonic.Cmp, Mnemonic.And, Mnemonic.Or, Mnemonic.Xor, Mnemonic.Test,
                Mnemonic.Inc, Mnemonic.Dec, Mnemonic.Neg, Mnemonic.Not,
            ],
            new ComparisonOptions { Bits = bits });
}
