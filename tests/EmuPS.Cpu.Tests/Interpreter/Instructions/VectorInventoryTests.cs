using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

/// <summary>The interpreter offers every instruction of the vector extensions that CPUID can announce.</summary>
public sealed unsafe class VectorInventoryTests
{
    private static readonly HashSet<CpuidFeature> Features =
    [
        CpuidFeature.MMX, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.SSE3, CpuidFeature.SSSE3, CpuidFeature.SSE4_1, CpuidFeature.SSE4_2, CpuidFeature.AES,
        CpuidFeature.SHA, CpuidFeature.PCLMULQDQ, CpuidFeature.FXSR, CpuidFeature.XSAVE, CpuidFeature.XSAVEOPT, CpuidFeature.XSAVEC, CpuidFeature.XSAVES,
    ];

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void Every_code_is_offered(int bits)
    {
        InstructionTable table = new();
        ComparisonOptions options = new() { Bits = bits };
        List<Code> missing = [];
        int offered = 0;
        foreach (Code code in Enum.GetValues<Code>().Where(code => IsOffered(code, bits)))
        {
            TestCase testCase = default;
            CaseGenerator generator = new(new Random((int)code), options);
            Assert.True(generator.TryGenerate(code, ref testCase, out Instruction instruction), $"No case of {code} could be made.");
            Op op = default;
            OperandFields.Fill(instruction, &op, EmulatedInstruction.ModeOf(bits));
            if (table.TryBind(instruction, &op, EmulatedInstruction.ModeOf(bits)) && op.Fn is not null)
            {
                offered++;
            }
            else
            {
                missing.Add(code);
            }
        }

        Assert.True(missing.Count == 0, $"Not offered: {string.Join(", ", missing)}; {offered} are.");
        Assert.True(offered > 400, $"Only {offered} codes were looked at.");
    }

    private static bool IsOffered(Code code, int bits)
    {
        OpCodeInfo info = code.ToOpCode();
        return info.IsInstruction
            && (bits == 64 ? info.Mode64 : info.Mode32)
            && info.Encoding == EncodingKind.Legacy
            && code.CpuidFeatures().All(Features.Contains);
    }
}
