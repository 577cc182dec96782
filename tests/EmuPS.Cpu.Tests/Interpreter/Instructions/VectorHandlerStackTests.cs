using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

/// <summary>Handlers call one another in tail position: a long block needs no more stack than a short one.</summary>
public sealed unsafe class VectorHandlerStackTests
{
    private const int Depth = 1000;

    private static readonly HashSet<CpuidFeature> Features =
    [
        CpuidFeature.MMX, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.SSE3, CpuidFeature.SSSE3, CpuidFeature.SSE4_1, CpuidFeature.SSE4_2, CpuidFeature.AES,
        CpuidFeature.SHA, CpuidFeature.PCLMULQDQ, CpuidFeature.FXSR, CpuidFeature.XSAVE, CpuidFeature.XSAVEOPT, CpuidFeature.XSAVEC,
        CpuidFeature.FPU, CpuidFeature.FPU387,
    ];

    [Fact]
    public void A_thousand_vector_instructions_need_the_stack_of_one()
    {
        using EmulatedInstruction emulated = new();
        Op* ops = (Op*)NativeMemory.AllocZeroed((nuint)((Depth + 1) * sizeof(Op)));
        List<string> deep = [];
        int measured = 0;
        foreach (Code code in Enum.GetValues<Code>().Where(code => code.CpuidFeatures().Any(Features.Contains)))
        {
            if (Measure(emulated, ops, code) is not long growth)
            {
                continue;
            }

            measured++;
            // A few bytes in all are the runtime's, when it replaces the calling method by a better one.
            if (growth >= Depth)
            {
                deep.Add($"{code} {growth / (Depth - 1)} bytes an instruction");
            }
        }

        NativeMemory.Free(ops);
        Assert.True(measured > 250, $"Only {measured} codes could be measured.");
        Assert.True(deep.Count == 0, string.Join(", ", deep));
    }

    /// <summary>How much deeper the stack is after many instructions than after one; null when no case of the code runs to its end.</summary>
    private static long? Measure(EmulatedInstruction emulated, Op* ops, Code code)
    {
        CaseGenerator generator = new(new Random((int)code), new ComparisonOptions { RandomX87Stack = false, RandomControlWord = false, RandomMxcsr = false });
        TestCase testCase = default;
        for (int attempt = 0; attempt < 10; attempt++)
        {
            if (!generator.TryGenerate(code, ref testCase, out Instruction instruction))
            {
                return null;
            }

            if (instruction.MemorySize is MemorySize.Xsave or MemorySize.Xsave64)
            {
                // The generator knows no place for an area of unknown size.
                return null;
            }

            if (instruction.Mnemonic is Mnemonic.Maskmovdqu or Mnemonic.Maskmovq)
            {
                testCase.Gpr[7] = OracleLayout.MiddleWindow;
            }

            uint mode = EmulatedInstruction.ModeOf(64);
            OperandFields.Fill(instruction, ops, mode);
            if (!emulated.Table.TryBind(instruction, ops, mode))
            {
                return null;
            }

            long? shallow = Run(emulated, ref testCase, ops, 1);
            long? deep = shallow is null ? null : Run(emulated, ref testCase, ops, Depth);
            if (deep is not null)
            {
                return shallow - deep;
            }
        }

        return null;
    }

    private static long? Run(EmulatedInstruction emulated, ref TestCase testCase, Op* ops, int count)
    {
        for (int n = 1; n <= count; n++)
        {
            ops[n] = ops[0];
        }

        ops[count].Fn = &End;
        emulated.Load(ref testCase);
        ops->Fn(emulated.State, ops);
        return emulated.State->FaultVector < 0 ? (long)emulated.State->Retired : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* End(CpuState* s, Op* op)
    {
        byte here;
        s->Retired = (ulong)&here;
        return null;
    }
}
