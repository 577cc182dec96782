using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class MiscellaneousTests
{
    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Every_form_agrees_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Nop, Mnemonic.Reservednop, Mnemonic.Endbr32, Mnemonic.Endbr64, Mnemonic.Pause, Mnemonic.Prefetchnta, Mnemonic.Prefetcht0,
                Mnemonic.Prefetcht1, Mnemonic.Prefetcht2, Mnemonic.Prefetch, Mnemonic.Prefetchw, Mnemonic.Prefetchwt1, Mnemonic.Clflush,
                Mnemonic.Clflushopt, Mnemonic.Clwb, Mnemonic.Cldemote, Mnemonic.Lfence, Mnemonic.Sfence, Mnemonic.Mfence, Mnemonic.Sahf,
                Mnemonic.Lahf, Mnemonic.Clc, Mnemonic.Stc, Mnemonic.Cmc, Mnemonic.Cld, Mnemonic.Std, Mnemonic.Ud0, Mnemonic.Ud1, Mnemonic.Ud2,
            ],
            new ComparisonOptions { Bits = bits });
}
