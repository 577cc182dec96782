using System;
using System.Linq;
using EmuPS.Cpu.Interpreter.Vex;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

/// <summary>Every VEX-encoded vector instruction of x86-64-v3 against the real processor, in both widths, with register and memory operands.</summary>
public sealed class VexInstructionTests
{
    public static TheoryData<CpuidFeature, int> Features()
    {
        TheoryData<CpuidFeature, int> data = [];
        foreach (CpuidFeature feature in new[] { CpuidFeature.AVX, CpuidFeature.AVX2, CpuidFeature.FMA, CpuidFeature.F16C, CpuidFeature.AES, CpuidFeature.PCLMULQDQ })
        {
            data.Add(feature, 64);
            data.Add(feature, 32);
        }

        return data;
    }

    [HostProcessorTheory]
    [MemberData(nameof(Features))]
    public void Every_form_agrees_with_the_real_processor(CpuidFeature feature, int bits)
        => InstructionComparison.Check(
            Enum.GetValues<Code>().Where(code => IsVector(code) && code.CpuidFeatures()[0] == feature && !IsSpecial(code)),
            new ComparisonOptions { Bits = bits, CasesPerCode = 200, Normalize = IgnoreWhatMaskedRunsDoNotTell });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Masked_stores_of_bytes_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check([Mnemonic.Vmaskmovdqu], new ComparisonOptions { Bits = bits, Adjust = PointIntoWindow });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Gathers_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            Enum.GetValues<Code>().Where(code => IsVector(code) && IsGather(code)),
            new ComparisonOptions { Bits = bits, CasesPerCode = 600 });

    /// <summary>No guest can make the host code run out of room, with whatever immediates.</summary>
    [Fact]
    public void All_forms_fit_at_once()
    {
        using HostVectorCode? host = HostVectorCode.TryMake();
        if (host is null)
        {
            return;
        }

        int forms = 0;
        foreach (Code code in Enum.GetValues<Code>().Where(code => IsVector(code) && !IsGather(code) && !IsWithoutForm(code)))
        {
            CaseGenerator generator = new(new Random((int)code), new ComparisonOptions());
            TestCase testCase = default;
            bool[] seen = new bool[2];
            for (int attempt = 0; attempt < 40; attempt++)
            {
                Assert.True(generator.TryGenerate(code, ref testCase, out Instruction instruction), $"No case of {code} could be made.");
                int memory = HostVectorCode.MemoryOperand(instruction) >= 0 ? 1 : 0;
                bool hasImmediate = instruction.GetOpKind(instruction.OpCount - 1) == OpKind.Immediate8;
                for (int immediate = 0; !seen[memory] && immediate < (hasImmediate ? 256 : 1); immediate++)
                {
                    if (hasImmediate)
                    {
                        instruction.Immediate8 = (byte)immediate;
                    }

                    Assert.True(host.Find(instruction) != 0, $"{code}: form {forms} does not fit.");
                    forms++;
                }

                seen[memory] = true;
            }
        }

        Assert.True(forms > 20_000, $"Only {forms} forms were made.");
    }

    private static bool IsWithoutForm(Code code)
        => code.Mnemonic() is Mnemonic.Vzeroupper or Mnemonic.Vzeroall or Mnemonic.Vldmxcsr or Mnemonic.Vstmxcsr or Mnemonic.Vmaskmovdqu
            or Mnemonic.Vmaskmovps or Mnemonic.Vmaskmovpd or Mnemonic.Vpmaskmovd or Mnemonic.Vpmaskmovq;

    private static bool IsVector(Code code)
    {
        Instruction instruction = new() { Code = code };
        return VexInstructions.IsVector(instruction);
    }

    private static bool IsGather(Code code) => code.ToOpCode().Op1Kind is >= OpCodeOperandKind.mem_vsib32x and <= OpCodeOperandKind.mem_vsib64z;

    private static bool IsSpecial(Code code) => IsGather(code) || code.Mnemonic() is Mnemonic.Vldmxcsr or Mnemonic.Vmaskmovdqu;

    /// <summary>A masked run does not tell at which of its steps VDPPS or VDPPD would have stopped.</summary>
    private static void IgnoreWhatMaskedRunsDoNotTell(ref TestCase testCase, in Instruction instruction, ref TestResult host, ref TestResult emulated)
    {
        const uint All = 0x3F;
        if (host.Vector == 19 && emulated.Vector == 19 && instruction.Mnemonic is Mnemonic.Vdpps or Mnemonic.Vdppd)
        {
            host.Mxcsr = (host.Mxcsr & ~All) | (emulated.Mxcsr & All);
        }

        UndefinedState.IgnorePrecisionOfUnboundedExponents(ref host, emulated);
    }

    private static unsafe void PointIntoWindow(Random random, in Instruction instruction, ref TestCase testCase)
        => testCase.Gpr[7] = OracleLayout.MiddleWindow + (uint)random.Next(OracleLayout.MiddleWindowSize / 2 - 16);
}
