using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Decoding;

/// <summary>Whether everything is there that CPUID promises.</summary>
public sealed class InstructionTableTests
{
    private const int Encodings = 24;

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void Every_general_instruction_has_a_handler(int bits)
        => AssertNone(Unbound(
            bits,
            [
                CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486, CpuidFeature.X64, CpuidFeature.CMOV,
                CpuidFeature.CX8, CpuidFeature.CMPXCHG16B, CpuidFeature.MULTIBYTENOP, CpuidFeature.PAUSE, CpuidFeature.POPCNT, CpuidFeature.LZCNT, CpuidFeature.MOVBE,
                CpuidFeature.BMI1, CpuidFeature.BMI2, CpuidFeature.ADX, CpuidFeature.CLFSH, CpuidFeature.CLFLUSHOPT, CpuidFeature.CLWB, CpuidFeature.PREFETCHW,
            ]));

    private static void AssertNone(List<Code> unbound) => Assert.True(unbound.Count == 0, $"Without a handler: {string.Join(' ', unbound)}");

    /// <summary>Codes of which no encoding that the generator makes is offered.</summary>
    private static List<Code> Unbound(int bits, HashSet<CpuidFeature> offered)
    {
        using EmulatedInstruction emulated = new();
        ComparisonOptions options = new() { Bits = bits };
        List<Code> unbound = [];
        TestCase testCase = default;
        foreach (Code code in Enum.GetValues<Code>())
        {
            OpCodeInfo info = code.ToOpCode();
            // WAIT is the x87's.
            if (code == Code.Wait || !info.IsInstruction || !(bits == 64 ? info.IntelDecoder64 : info.IntelDecoder32) || !code.CpuidFeatures().All(offered.Contains))
            {
                continue;
            }

            CaseGenerator generator = new(new Random((int)code), options);
            bool bound = false;
            for (int n = 0; n < Encodings && !bound; n++)
            {
                bound = generator.TryGenerate(code, ref testCase, out _) && emulated.Prepare(ref testCase);
            }

            if (!bound)
            {
                unbound.Add(code);
            }
        }

        return unbound;
    }
}
