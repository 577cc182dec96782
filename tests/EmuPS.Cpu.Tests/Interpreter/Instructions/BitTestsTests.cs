using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class BitTestsTests
{
    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Every_form_agrees_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Bt, Mnemonic.Bts, Mnemonic.Btr, Mnemonic.Btc,
            ],
            new ComparisonOptions { Bits = bits });
}
