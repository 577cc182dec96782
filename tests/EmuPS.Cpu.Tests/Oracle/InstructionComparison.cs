using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Runs the same generated cases on the real processor through the interpreter and as translated code, and fails with a readable list of differences. Cases of 64-bit code are followed by some of 32-bit code.</summary>
internal static class InstructionComparison
{
    private const int ReportedCases = 12;
    private const int ReportedPerCode = 2;

    /// <summary>Compares all codes of some mnemonics that exist in the mode and that the interpreter offers.</summary>
    /// <param name="mnemonics">The mnemonics.</param>
    /// <param name="options">Options; the defaults when null.</param>
    public static void Check(IEnumerable<Mnemonic> mnemonics, ComparisonOptions? options = null)
    {
        options ??= new ComparisonOptions();
        HashSet<Mnemonic> wanted = [.. mnemonics];
        Check(Enum.GetValues<Code>().Where(code => wanted.Contains(code.Mnemonic()) && (options.Include?.Invoke(code) ?? true)), options);
    }

    /// <summary>Compares some codes; those that the interpreter or the host does not offer are left out.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="options">Options.</param>
    public static void Check(IEnumerable<Code> codes, ComparisonOptions options)
    {
        Code[] all = [.. codes];
        if (options.Bits == 64 || HostProcessor.SkipReason32 is null)
        {
            CheckOnHost(all, options);
        }

        // A test of 64-bit code and one of 32-bit code that share their options shall not make the same cases.
        NarrowComparison.Check(all, options with { Bits = 32, Seed = options.Seed + options.Bits });
    }

    private static void CheckOnHost(Code[] codes, ComparisonOptions options)
    {
        using HostProcessor host = new();
        // A write through the view that runs would end the process, so this is the stricter of the two policies; guests in the other tests run under the usual one.
        using EmulatedInstruction emulated = new(splitWx: OperatingSystem.IsLinux());
        TestCase[] cases = new TestCase[options.CasesPerCode];
        Instruction[] instructions = new Instruction[options.CasesPerCode];
        TestResult[] expected = new TestResult[options.CasesPerCode];
        StringBuilder report = new();
        Dictionary<Code, int> failures = [];
        int compared = 0;
        int reported = 0;
        foreach (Code code in codes.Where(code => HostFeatures.Supports(code, options.Bits)))
        {
            int count = Generate(code, options, emulated, cases, instructions);
            host.Run(cases.AsSpan(0, count), expected);
            for (int n = 0; n < count; n++)
            {
                TestResult actual = default;
                if (!emulated.Run(ref cases[n], ref actual))
                {
                    continue;
                }

                compared++;
                Judge(ref actual, translated: false);
                TestResult host64 = default;
                if (options.Bits == 64 && emulated.RunTranslated(ref cases[n], ref host64))
                {
                    Judge(ref host64, translated: true);
                }

                void Judge(ref TestResult result, bool translated)
                {
                    TestResult judged = expected[n];
                    if (translated && judged.Vector >= 0)
                    {
                        // Flags that an instruction replaces are dead before it, and stale when it faults: docs/translator.md.
                        judged.Flags ^= (judged.Flags ^ result.Flags) & instructions[n].RflagsModified.ToStatusMask();
                    }

                    options.Normalize?.Invoke(ref cases[n], instructions[n], ref judged, ref result);
                    List<string> differences = ResultDifferences.Find(ref cases[n], instructions[n], ref judged, ref result);
                    if (differences.Count > 0)
                    {
                        failures[code] = failures.GetValueOrDefault(code) + 1;
                        if (failures[code] <= ReportedPerCode && reported++ < ReportedCases)
                        {
                            report.Append(translated ? "Translated: " : "Interpreted: ");
                            ResultDifferences.Describe(report, ref cases[n], instructions[n], differences);
                        }
                    }
                }
            }
        }

        Assert.True(compared > 0, "No case was compared: the interpreter offers none of these instructions in this mode.");
        string summary = string.Join(", ", failures.Select(f => $"{f.Key} {f.Value}"));
        Assert.True(failures.Count == 0, $"{failures.Values.Sum()} of {compared} cases differ from the real processor: {summary}\n{report}");
    }

    private static int Generate(Code code, ComparisonOptions options, EmulatedInstruction emulated, TestCase[] cases, Instruction[] instructions)
    {
        CaseGenerator generator = new(new Random(HashCode(options.Seed, code)), options);
        int count = 0;
        int declined = 0;
        while (count < cases.Length && generator.TryGenerate(code, ref cases[count], out instructions[count]))
        {
            // A form that the interpreter does not offer needs no judge; whether it should is the inventory test's question.
            if (!UndefinedState.IsResultUndefined(ref cases[count], instructions[count]) && emulated.Prepare(ref cases[count]))
            {
                count++;
            }
            else if (++declined > 20 && count == 0)
            {
                break;
            }
            else if (declined > cases.Length)
            {
                break;
            }
        }

        return count;
    }

    private static int HashCode(int seed, Code code) => unchecked((seed * 7919) + (int)code);
}
