using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed class FloatingPointInventoryTests
{
    private static readonly HashSet<CpuidFeature> s_features =
    [
        CpuidFeature.FPU, CpuidFeature.FPU387, CpuidFeature.CMOV, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.SSE3, CpuidFeature.SSE4_1, CpuidFeature.MMX,
    ];

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void Every_floating_point_instruction_has_a_handler(int bits)
    {
        using EmulatedInstruction emulated = new();
        ComparisonOptions options = new() { Bits = bits };
        List<Code> missing = [];
        TestCase testCase = default;
        foreach (Code code in Enum.GetValues<Code>())
        {
            OpCodeInfo info = code.ToOpCode();
            if (!info.IsInstruction || !(bits == 64 ? info.Mode64 : info.Mode32) || !code.CpuidFeatures().All(s_features.Contains))
            {
                continue;
            }

            CaseGenerator generator = new(new Random((int)code), options);
            bool generated = false;
            bool bound = false;
            for (int n = 0; n < 24 && !bound; n++)
            {
                bool one = generator.TryGenerate(code, ref testCase, out Instruction instruction) && instruction.Code == code;
                generated |= one;
                bound = one && emulated.Prepare(ref testCase);
            }

            if (generated && !bound)
            {
                missing.Add(code);
            }
        }

        Assert.Empty(missing);
    }
}
