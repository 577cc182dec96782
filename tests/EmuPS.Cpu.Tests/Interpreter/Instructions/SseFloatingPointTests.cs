using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class SseFloatingPointTests
{
    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Arithmetic_agrees_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Addps, Mnemonic.Addpd, Mnemonic.Addss, Mnemonic.Addsd, Mnemonic.Subps, Mnemonic.Subpd, Mnemonic.Subss, Mnemonic.Subsd,
                Mnemonic.Mulps, Mnemonic.Mulpd, Mnemonic.Mulss, Mnemonic.Mulsd, Mnemonic.Divps, Mnemonic.Divpd, Mnemonic.Divss, Mnemonic.Divsd,
                Mnemonic.Sqrtps, Mnemonic.Sqrtpd, Mnemonic.Sqrtss, Mnemonic.Sqrtsd,
            ],
            new ComparisonOptions { Bits = bits });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Comparisons_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Minps, Mnemonic.Minpd, Mnemonic.Minss, Mnemonic.Minsd, Mnemonic.Maxps, Mnemonic.Maxpd, Mnemonic.Maxss, Mnemonic.Maxsd,
                Mnemonic.Cmpps, Mnemonic.Cmppd, Mnemonic.Cmpss, Mnemonic.Cmpsd, Mnemonic.Roundps, Mnemonic.Roundpd, Mnemonic.Roundss, Mnemonic.Roundsd,
                Mnemonic.Comiss, Mnemonic.Comisd, Mnemonic.Ucomiss, Mnemonic.Ucomisd,
                Mnemonic.Rcpps, Mnemonic.Rcpss, Mnemonic.Rsqrtps, Mnemonic.Rsqrtss,
            ],
            new ComparisonOptions { Bits = bits });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Conversions_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Cvtss2sd, Mnemonic.Cvtsd2ss, Mnemonic.Cvtps2pd, Mnemonic.Cvtpd2ps, Mnemonic.Cvtdq2ps, Mnemonic.Cvtdq2pd,
                Mnemonic.Cvtps2dq, Mnemonic.Cvttps2dq, Mnemonic.Cvtpd2dq, Mnemonic.Cvttpd2dq, Mnemonic.Cvtsi2ss, Mnemonic.Cvtsi2sd,
                Mnemonic.Cvtss2si, Mnemonic.Cvttss2si, Mnemonic.Cvtsd2si, Mnemonic.Cvttsd2si,
            ],
            new ComparisonOptions { Bits = bits });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Mmx_conversions_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [Mnemonic.Cvtpi2ps, Mnemonic.Cvtpi2pd, Mnemonic.Cvtps2pi, Mnemonic.Cvttps2pi, Mnemonic.Cvtpd2pi, Mnemonic.Cvttpd2pi],
            new ComparisonOptions { Bits = bits, PendingX87Exceptions = true, Normalize = IgnoreMmxEntryFromMemory });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Horizontal_operations_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Addsubps, Mnemonic.Addsubpd, Mnemonic.Haddps, Mnemonic.Haddpd, Mnemonic.Hsubps, Mnemonic.Hsubpd, Mnemonic.Dpps, Mnemonic.Dppd,
            ],
            new ComparisonOptions { Bits = bits });

    /// <summary>CVTPI2PS from memory enters MMX mode on Intel's processors (SDM vol. 2), which is what we are, and does not on AMD's.</summary>
    private static void IgnoreMmxEntryFromMemory(ref TestCase testCase, in Instruction instruction, ref TestResult host, ref TestResult emulated)
    {
        if (instruction.Code == Code.Cvtpi2ps_xmm_mmm64 && instruction.Op1Kind == OpKind.Memory)
        {
            host = emulated;
        }
    }
}
