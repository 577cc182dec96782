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
    private const int Programs = 4000;
    private const int Reported = 3;

    // After so many there is nothing more to learn, and a hung one takes its time.
    private const int Enough = 20;

    private static readonly TimeSpan WatchdogPeriod = TimeSpan.FromSeconds(10);

    // A block is translated once it was executed 32 times; it shall run translated more than once.
    private const int Runs = 36;

    /// <summary>No processor at hand runs 32-bit code for a test, but the interpreter has been compared with one: here it judges translated code, with all bits of all registers.</summary>
    [HostProcessorTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_programs_of_32_bit_code_agree_with_the_interpreter(int seed)
    {
        SequenceGenerator generator = new(new Random(seed), new ComparisonOptions { Bits = 32, RandomMxcsr = seed == 2 });
        using EmulatedInstruction interpreter = new(translate: false);
        using EmulatedInstruction translator = new();
        using Timer watchdog = Watch(interpreter, translator);
        StringBuilder report = new();
        int failures = 0;
        int faults = 0;
        for (int n = 0; n < Programs && failures < Enough; n++)
        {
            TestCase program = default;
            generator.Generate(ref program, out ulong undefined, out _);

            // Which fault it was the address and CR2 tell.
            TestResult fault = new() { Vector = 14 };
            TestResult expected = default;
            interpreter.Place(ref program);
            interpreter.RunPlaced(ref program, fault, ref expected);
            faults += expected.Vector == fault.Vector ? 1 : 0;
            translator.Place(ref program);
            for (int run = 0; run < Runs; run++)
            {
                TestResult actual = default;
                translator.RunPlaced(ref program, fault, ref actual);
                UndefinedState.IgnorePrecisionOfUnboundedExponents(ref expected, actual);
                ulong ignored = expected.Vector == TestResult.Completed ? undefined : State.Flags.Status;
                List<string> differences = ResultDifferences.Find(ref program, ref expected, ref actual, ignored, 0, whole: true);
                if (differences.Count > 0)
                {
                    if (failures++ < Reported)
                    {
                        ResultDifferences.DescribeProgram(report, ref program, differences);
                    }

                    break;
                }
            }
        }

        Assert.True(failures == 0, $"{failures} of {Programs} programs differ from the interpreter:\n{report}");
        Assert.InRange(faults, 1, Programs / 2);
        Assert.True(translator.Translated > Programs, $"Only {translator.Translated} blocks were translated.");
    }

    [HostProcessorTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_programs_agree_with_the_real_processor(int seed)
    {
        SequenceGenerator generator = new(new Random(seed), new ComparisonOptions { RandomMxcsr = seed % 2 == 0 });
        using HostProcessor host = new();
        using EmulatedInstruction interpreter = new(translate: false);
        using EmulatedInstruction translator = new();
        using Timer watchdog = Watch(interpreter, translator);
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
            interpreter.Place(ref programs[n]);
            translator.Place(ref programs[n]);
            bool completed = expected[n].Vector == TestResult.Completed;
            bool agrees = Compare(interpreter, n, completed ? undefined[n] : undefinedInside[n], "Interpreted");

            // Translated code does not compute flags that nothing reads, and a fault in the middle of a block shows it.
            for (int run = 0; run < Runs && agrees; run++)
            {
                agrees = Compare(translator, n, completed ? undefined[n] : State.Flags.Status, "Translated");
            }

            failures += agrees ? 0 : 1;
        }

        Assert.True(failures == 0, $"{failures} of {Programs} programs differ from the real processor:\n{report}");
        Assert.True(translator.Translated > Programs, $"Only {translator.Translated} blocks were translated.");

        bool Compare(EmulatedInstruction emulated, int n, ulong ignored, string how)
        {
            TestResult actual = default;
            emulated.RunPlaced(ref programs[n], expected[n], ref actual);
            UndefinedState.IgnorePrecisionOfUnboundedExponents(ref expected[n], actual);
            List<string> differences = ResultDifferences.Find(ref programs[n], ref expected[n], ref actual, ignored, 0);
            if (differences.Count > 0 && failures < Reported)
            {
                report.Append($"\n{how}:");
                ResultDifferences.DescribeProgram(report, ref programs[n], differences);
            }

            return differences.Count == 0;
        }
    }

    /// <summary>Ends programs that hang.</summary>
    private static Timer Watch(EmulatedInstruction interpreter, EmulatedInstruction translator)
        => new(
            _ =>
            {
                interpreter.Interrupt();
                translator.Interrupt();
            },
            null,
            WatchdogPeriod,
            WatchdogPeriod);
}
