using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class MovesTests
{
    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Every_form_agrees_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Mov, Mnemonic.Movnti, Mnemonic.Movzx, Mnemonic.Movsx, Mnemonic.Movsxd, Mnemonic.Movbe, Mnemonic.Bswap, Mnemonic.Lea,
                Mnemonic.Xlatb, Mnemonic.Cbw, Mnemonic.Cwde, Mnemonic.Cdqe, Mnemonic.Cwd, Mnemonic.Cdq, Mnemonic.Cqo,
            ],
            new ComparisonOptions { Bits = bits, Include = IsNoSystemRegister });

    // Loads of segment registers depend on the descriptor table, and control registers are not a user's.
    private static bool IsNoSystemRegister(Code code)
        => code.ToOpCode() is var info && info.Op0Kind is not (OpCodeOperandKind.seg_reg or OpCodeOperandKind.cr_reg or OpCodeOperandKind.dr_reg or OpCodeOperandKind.tr_reg);
}
