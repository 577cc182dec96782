using System;
using System.Buffers.Binary;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

/// <summary>System instructions as a user sees them: what is refused and how, and what little of the flags and of the segments a user may change.</summary>
public sealed unsafe class UserModeTests
{
    // Those that a user may change and that leave the oracle able to go on: neither TF nor NT nor AC.
    private const ulong FlagImage = 0x3A_8ED5 | 0x3000;

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Privileged_instructions_are_refused_as_the_real_processor_does(int bits)
        => InstructionComparison.Check(
            [
                Mnemonic.Hlt, Mnemonic.Cli, Mnemonic.Sti, Mnemonic.In, Mnemonic.Out, Mnemonic.Insb, Mnemonic.Insw, Mnemonic.Insd, Mnemonic.Outsb, Mnemonic.Outsw,
                Mnemonic.Outsd, Mnemonic.Lgdt, Mnemonic.Lidt, Mnemonic.Lldt, Mnemonic.Ltr, Mnemonic.Lmsw, Mnemonic.Clts, Mnemonic.Invd, Mnemonic.Wbinvd,
                Mnemonic.Invlpg, Mnemonic.Invpcid, Mnemonic.Rdmsr, Mnemonic.Wrmsr, Mnemonic.Swapgs,
            ],
            new ComparisonOptions { Bits = bits, CasesPerCode = 100, MemoryFaults = false });

    [HostProcessorFact]
    public void Control_and_debug_registers_are_refused_as_the_real_processor_does()
        => InstructionComparison.Check(
            [Mnemonic.Mov],
            new ComparisonOptions
            {
                CasesPerCode = 100,
                Include = code => code.ToOpCode() is var info
                    && (info.Op0Kind is OpCodeOperandKind.cr_reg or OpCodeOperandKind.dr_reg || info.Op1Kind is OpCodeOperandKind.cr_reg or OpCodeOperandKind.dr_reg),
            });

    [HostProcessorFact]
    public void Flags_that_a_user_pops_are_those_of_the_real_processor()
        => InstructionComparison.Check([Mnemonic.Pushf, Mnemonic.Pushfd, Mnemonic.Pushfq, Mnemonic.Popf, Mnemonic.Popfd, Mnemonic.Popfq], new ComparisonOptions { CasesPerCode = 2000, Adjust = PutFlags });

    [HostProcessorFact]
    public void Software_interrupts_without_a_gate_fail_as_on_the_real_processor()
        => InstructionComparison.Check([Mnemonic.Int], new ComparisonOptions { Adjust = ChooseInterrupt });

    [HostProcessorFact]
    public void Interrupt_returns_within_the_user_agree_with_the_real_processor()
        => InstructionComparison.Check([Mnemonic.Iretq, Mnemonic.Iretd], new ComparisonOptions { CasesPerCode = 3000, MemoryFaults = false, Adjust = PutInterruptFrame });

    [HostProcessorFact]
    public void Far_returns_within_the_user_agree_with_the_real_processor()
        => InstructionComparison.Check(
            [Mnemonic.Retf],
            new ComparisonOptions
            {
                CasesPerCode = 2000,
                MemoryFaults = false,
                Adjust = PutFarReturn,
                Include = code => code is Code.Retfq or Code.Retfd or Code.Retfq_imm16 or Code.Retfd_imm16,
            });

    private static void PutFlags(Random random, in Instruction instruction, ref TestCase testCase)
    {
        Span<byte> image = TestCase.MemoryAt(ref testCase, testCase.Gpr[4], 8);
        if (!image.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(image, (ulong)random.NextInt64() & FlagImage);
        }
    }

    private static void ChooseInterrupt(Random random, in Instruction instruction, ref TestCase testCase)
    {
        // Only vectors that no system gives its users: not breakpoints, overflow, system calls.
        ReadOnlySpan<byte> vectors = [0, 2, 5, 6, 8, 13, 14, 18, 33, 60, 200, 239];
        TestCase.SetCode(ref testCase, [0xCD, vectors[random.Next(vectors.Length)]]);
    }

    private static void PutInterruptFrame(Random random, in Instruction instruction, ref TestCase testCase)
    {
        int size = instruction.Mnemonic == Mnemonic.Iretq ? 8 : 4;
        ulong stack = OracleLayout.MiddleWindow + (uint)random.Next(OracleLayout.MiddleWindowSize);
        ulong data = random.Next(4) == 0 ? Selector(random) : OracleLayout.DataSelector;
        Put(ref testCase, size, [Target(random), CodeSelector(random), (ulong)random.NextInt64() & FlagImage, stack, data]);
    }

    private static void PutFarReturn(Random random, in Instruction instruction, ref TestCase testCase)
    {
        if (instruction.Code is Code.Retfq_imm16 or Code.Retfd_imm16)
        {
            // A small distance: AMD looks at the stack behind the dropped bytes before it looks at the selector.
            Span<byte> code = TestCase.CodeBytes(ref testCase);
            code[^2] = (byte)random.Next(0x40);
            code[^1] = 0;
        }

        Put(ref testCase, instruction.Code is Code.Retfq or Code.Retfq_imm16 ? 8 : 4, [Target(random), CodeSelector(random)]);
    }

    private static ulong Target(Random random) => OracleLayout.CodeBase + (uint)random.Next(0x10, 0x7F0);

    private static ulong CodeSelector(Random random) => random.Next(3) == 0 ? Selector(random) : OracleLayout.CodeSelector64;

    /// <summary>Null selectors, the user's, those with a wrong privilege level, beyond the table, and in a local table that does not exist.</summary>
    private static ulong Selector(Random random)
    {
        ReadOnlySpan<ushort> selectors = [0, 1, 2, 3, 0x28, 0x29, 0x2A, 0x2B, 0x30, 0x31, 0x32, 0x33, 0xFFF8, 0xFFFB, 7, 0x0F];
        return selectors[random.Next(selectors.Length)];
    }

    private static void Put(ref TestCase testCase, int size, ReadOnlySpan<ulong> values)
    {
        Span<byte> value = stackalloc byte[8];
        for (int n = 0; n < values.Length; n++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(value, values[n]);
            value[..size].CopyTo(TestCase.MemoryAt(ref testCase, testCase.Gpr[4] + (ulong)(n * size), size));
        }
    }
}
