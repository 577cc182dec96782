using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class BitManipulationTests
{
    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Every_form_agrees_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Bsf, Mnemonic.Bsr, Mnemonic.Tzcnt, Mnemonic.Lzcnt, Mnemonic.Popcnt, Mnemonic.Adcx, Mnemonic.Adox, Mnemonic.Blsi,
                Mnemonic.Blsmsk, Mnemonic.Blsr, Mnemonic.Andn, Mnemonic.Bextr, Mnemonic.Bzhi, Mnemonic.Pdep, Mnemonic.Pext, Mnemonic.Rorx,
                Mnemonic.Sarx, Mnemonic.Shlx, Mnemonic.Shrx, Mnemonic.Mulx, Mnemonic.Crc32,
            ],
            new ComparisonOptions { Bits = bits });
}
