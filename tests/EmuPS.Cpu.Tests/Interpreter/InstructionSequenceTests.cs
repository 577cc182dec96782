using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using EmuPS.Cpu.Tests.Oracle;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter;

/// <summary>Random programs of up to two dozen instructions with jumps and loops, on the real processor and through the run loop: what instructions leave for one another, flags above all.</summary>
public sealed class InstructionSequenceTests
{
    private const int Programs = 3000;
    private const int Reported = 3;

    // After so many there is nothing more to learn, and a hung one takes its time.
    private const int Enough = 20;

    private static readonly TimeSpan WatchdogPeriod = TimeSpan.FromSeconds(10);

    // The first runs are interpreted, and the last one finds its blocks translated.
    private const int Runs = 5;

    [HostProcessorTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_programs_agree_with_the_real_processor(int seed)
    {
        SequenceGenerator generator = new(new Random(seed), new ComparisonOptions { RandomMxcsr = seed == 2 });
        using HostProcessor host = new();
        using EmulatedInstruction emulated = new();
        using Timer watchdog = new(_ => emulated.Interrupt(), null, WatchdogPeriod, WatchdogPeriod);
        TestCase[] programs = new TestCase[Programs];
        TestResult[] expected = new TestResult[Programs];
        ulong[] undefined = new ulong[Programs];
        ulong[] undefinedInside = new ulong[Programs];
        for (int n = 0; n < Programs; n++)
        {
            generator.Generate(ref programs[n], out undefined[n], out undefinedInside[n]);
        }

        host.Run(programs, expected);
        StringBuilder report = new();
        int failures = 0;
        for (int n = 0; n < Programs && failures < Enough; n++)
        {
            emulated.Place(ref programs[n]);
            for (int run = 1; run <= Runs; run++)
            {
                TestResult actual = default;
                emulated.RunPlaced(ref programs[n], expected[n], ref actual);
                ulong ignored = expected[n].Vector == TestResult.Completed ? undefined[n] : undefinedInside[n];
                List<string> differences = ResultDifferences.Find(ref programs[n], ref expected[n], ref actual, ignored, 0);
                if (differences.Count > 0)
                {
                    if (failures++ < Reported)
                    {
                        report.Append($"\nRun {run}:");
                        ResultDifferences.DescribeProgram(report, ref programs[n], differences);
                    }

                    break;
                }
            }
        }

        Assert.True(failures == 0, $"{failures} of {Programs} programs differ from the real processor:\n{report}");
    }
}
