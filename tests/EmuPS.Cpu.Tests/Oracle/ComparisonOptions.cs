using System;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>What <see cref="InstructionComparison"/> generates and how strictly it compares.</summary>
internal sealed record ComparisonOptions
{
    /// <summary>Changes both sides' results before they are compared, to take out what is documented as undefined or approximate.</summary>
    /// <param name="testCase">The inputs.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="host">The real processor's result.</param>
    /// <param name="emulated">The interpreter's result.</param>
    public delegate void Normalization(ref TestCase testCase, in Instruction instruction, ref TestResult host, ref TestResult emulated);

    /// <summary>Changes a case's inputs.</summary>
    /// <param name="random">Source of randomness.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="testCase">The case.</param>
    public delegate void Adjustment(Random random, in Instruction instruction, ref TestCase testCase);

    /// <summary>64 or 32: the mode the code runs in.</summary>
    public int Bits { get; init; } = 64;

    /// <summary>Cases for each Iced code.</summary>
    public int CasesPerCode { get; init; } = 300;

    /// <summary>Start of the random sequence.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Codes to take; all of the mnemonics' codes when null.</summary>
    public Func<Code, bool>? Include { get; init; }

    /// <summary>Rounding, FTZ, DAZ, sticky flags and, now and then, unmasked exceptions in MXCSR; otherwise 0x1F80.</summary>
    public bool RandomMxcsr { get; init; } = true;

    /// <summary>Rounding, precision and, now and then, unmasked exceptions in the x87 control word; otherwise 0x37F.</summary>
    public bool RandomControlWord { get; init; } = true;

    /// <summary>Random x87 stack top and empty registers; otherwise the stack is full and its top is register 0.</summary>
    public bool RandomX87Stack { get; init; } = true;

    /// <summary>Now and then an unmasked x87 exception is pending before the instruction.</summary>
    public bool PendingX87Exceptions { get; init; }

    /// <summary>Whether exceptions may be unmasked at all.</summary>
    public bool UnmaskedExceptions { get; init; } = true;

    /// <summary>Whether operands may cross from one data page into the other.</summary>
    public bool PageCrossing { get; init; } = true;

    /// <summary>Whether, now and then, operands lie wholly or partly on pages that are not mapped, or at addresses that are not canonical.</summary>
    public bool MemoryFaults { get; init; } = true;

    /// <summary>What vector registers hold; by the instruction's element type, mixed, when null.</summary>
    public OperandValues.Kind? VectorValues { get; init; }

    /// <summary>Changes inputs after generation.</summary>
    public Adjustment? Adjust { get; init; }

    /// <summary>Applied to both results before the comparison.</summary>
    public Normalization? Normalize { get; init; }
}
