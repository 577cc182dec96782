using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Runs generated cases of 32-bit code interpreted and translated. Where 64-bit mode has the same instruction the real processor judges the interpreter; the interpreter judges the translator, with all 64 bits of all sixteen registers.</summary>
internal static unsafe class NarrowComparison
{
    private const int ReportedCases = 12;
    private const int ReportedPerCode = 2;
    private const int CasesDivisor = 3;

    /// <summary>Compares some codes; those that 32-bit code, the interpreter or the host does not have are left out.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="options">Options, of 32 bits.</param>
    public static void Check(IEnumerable<Code> codes, ComparisonOptions options)
    {
        using HostProcessor host = new();
        using EmulatedInstruction emulated = new();
        int most = Math.Max(options.CasesPerCode / CasesDivisor, 1);
        TestCase[] cases = new TestCase[most];
        Instruction[] instructions = new Instruction[most];
        TestCase[] widened = new TestCase[most];
        int[] places = new int[most];
        TestResult[] judgements = new TestResult[most];
        StringBuilder report = new();
        Dictionary<Code, int> failures = [];
        int reported = 0;
        foreach (Code code in codes.Where(code => HostFeatures.Supports(code, 32)))
        {
            Random random = new(unchecked((options.Seed * 7919) + (int)code + 1));
            CaseGenerator generator = new(random, options);
            int count = 0;
            int judged = 0;
            for (int attempt = 0; attempt < most && generator.TryGenerate(code, ref cases[count], out instructions[count]); attempt++)
            {
                if (UndefinedState.IsResultUndefined(ref cases[count], instructions[count]) || !emulated.Prepare(ref cases[count]))
                {
                    continue;
                }

                places[count] = NarrowCode.TryWiden(cases[count], instructions[count], ref widened[judged]) ? judged++ : -1;
                FillUpperHalves(random, ref cases[count]);
                count++;
            }

            host.Run(widened.AsSpan(0, judged), judgements);
            for (int n = 0; n < count; n++)
            {
                TestResult interpreted = default;
                emulated.Run(ref cases[n], ref interpreted);
                if (places[n] >= 0)
                {
                    TestResult judgement = judgements[places[n]];
                    NarrowCode.Narrow(cases[n], widened[places[n]], ref judgement);
                    TestResult actual = interpreted;
                    Judge(n, ref judgement, ref actual, "Interpreted");
                }

                TestResult translated = default;
                if (emulated.RunTranslated(ref cases[n], ref translated))
                {
                    if (interpreted.Vector >= 0)
                    {
                        // Flags that an instruction replaces are dead before it, and stale when it faults: docs/translator.md.
                        interpreted.Flags ^= (interpreted.Flags ^ translated.Flags) & instructions[n].RflagsModified.ToStatusMask();
                    }

                    Judge(n, ref interpreted, ref translated, "Translated", whole: true);
                }
            }

            void Judge(int n, ref TestResult expected, ref TestResult actual, string how, bool whole = false)
            {
                options.Normalize?.Invoke(ref cases[n], instructions[n], ref expected, ref actual);
                List<string> differences = ResultDifferences.Find(ref cases[n], instructions[n], ref expected, ref actual, whole);
                if (differences.Count == 0)
                {
                    return;
                }

                failures[code] = failures.GetValueOrDefault(code) + 1;
                if (failures[code] <= ReportedPerCode && reported++ < ReportedCases)
                {
                    report.Append(how).Append(": ");
                    ResultDifferences.Describe(report, ref cases[n], instructions[n], differences);
                }
            }
        }

        string summary = string.Join(", ", failures.Select(f => $"{f.Key} {f.Value}"));
        Assert.True(failures.Count == 0, $"{failures.Values.Sum()} cases of 32-bit code differ: {summary}\n{report}");
    }

    /// <summary>What 64-bit code may have left above the registers of 32-bit code, and in those that it does not have.</summary>
    private static void FillUpperHalves(Random random, ref TestCase testCase)
    {
        if (random.Next(2) == 0)
        {
            return;
        }

        for (int n = 0; n < 16; n++)
        {
            testCase.Gpr[n] |= (ulong)random.NextInt64() << (n < 8 ? 32 : 0);
        }
    }
}
