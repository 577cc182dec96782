using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class X87Tests
{
    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Control_agrees_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Fninit, Mnemonic.Fnclex, Mnemonic.Fnstcw, Mnemonic.Fnstsw, Mnemonic.Fldcw, Mnemonic.Fincstp, Mnemonic.Fdecstp,
                Mnemonic.Ffree, Mnemonic.Ffreep, Mnemonic.Fnop, Mnemonic.Wait,
            ],
            new ComparisonOptions { Bits = bits, PendingX87Exceptions = true });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Transfers_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Fld, Mnemonic.Fild, Mnemonic.Fst, Mnemonic.Fstp, Mnemonic.Fstpnce, Mnemonic.Fist, Mnemonic.Fistp, Mnemonic.Fisttp, Mnemonic.Fxch,
                Mnemonic.Fcmovb, Mnemonic.Fcmovnb, Mnemonic.Fcmove, Mnemonic.Fcmovne, Mnemonic.Fcmovbe, Mnemonic.Fcmovnbe, Mnemonic.Fcmovu, Mnemonic.Fcmovnu,
                Mnemonic.Fld1, Mnemonic.Fldz, Mnemonic.Fldpi, Mnemonic.Fldl2t, Mnemonic.Fldl2e, Mnemonic.Fldlg2, Mnemonic.Fldln2,
            ],
            new ComparisonOptions { Bits = bits, PendingX87Exceptions = true });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Arithmetic_agrees_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Fadd, Mnemonic.Faddp, Mnemonic.Fiadd, Mnemonic.Fsub, Mnemonic.Fsubp, Mnemonic.Fisub, Mnemonic.Fsubr, Mnemonic.Fsubrp, Mnemonic.Fisubr,
                Mnemonic.Fmul, Mnemonic.Fmulp, Mnemonic.Fimul, Mnemonic.Fdiv, Mnemonic.Fdivp, Mnemonic.Fidiv, Mnemonic.Fdivr, Mnemonic.Fdivrp, Mnemonic.Fidivr,
            ],
            new ComparisonOptions { Bits = bits });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Comparisons_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Fcom, Mnemonic.Fcomp, Mnemonic.Fcompp, Mnemonic.Fucom, Mnemonic.Fucomp, Mnemonic.Fucompp, Mnemonic.Fcomi, Mnemonic.Fcomip,
                Mnemonic.Fucomi, Mnemonic.Fucomip, Mnemonic.Ficom, Mnemonic.Ficomp, Mnemonic.Ftst, Mnemonic.Fxam,
            ],
            new ComparisonOptions { Bits = bits, Normalize = IgnoreC1OfFcomi });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Unary_operations_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Fchs, Mnemonic.Fabs, Mnemonic.Fsqrt, Mnemonic.Frndint, Mnemonic.Fscale, Mnemonic.Fxtract, Mnemonic.Fprem, Mnemonic.Fprem1,
            ],
            new ComparisonOptions { Bits = bits, CasesPerCode = 3000 });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Decimals_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check([Mnemonic.Fbld, Mnemonic.Fbstp], new ComparisonOptions { Bits = bits, CasesPerCode = 2000, PendingX87Exceptions = true });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Environments_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check([Mnemonic.Fnstenv, Mnemonic.Fldenv, Mnemonic.Fnsave, Mnemonic.Frstor], new ComparisonOptions { Bits = bits, PendingX87Exceptions = true });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Transcendental_functions_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Fsin, Mnemonic.Fcos, Mnemonic.Fsincos, Mnemonic.Fptan, Mnemonic.Fpatan, Mnemonic.F2xm1, Mnemonic.Fyl2x, Mnemonic.Fyl2xp1,
            ],
            new ComparisonOptions { Bits = bits, CasesPerCode = 2000 });

    /// <summary>FCOMI and its relatives clear C1 on Intel's processors (SDM vol. 2), which is what we are; AMD's keep it.</summary>
    private static void IgnoreC1OfFcomi(ref TestCase testCase, in Instruction instruction, ref TestResult host, ref TestResult emulated)
    {
        if (instruction.Mnemonic is Mnemonic.Fcomi or Mnemonic.Fcomip or Mnemonic.Fucomi or Mnemonic.Fucomip)
        {
            host.Fsw &= 0xFDFF;
            emulated.Fsw &= 0xFDFF;
        }
    }
}
