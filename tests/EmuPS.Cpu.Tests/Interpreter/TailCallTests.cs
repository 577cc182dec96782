using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EmuPS.Core.Native;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter;

/// <summary>Every handler ends in a tail call: a long block uses no more stack than a short one.</summary>
public sealed unsafe class TailCallTests
{
    private const int Depth = 1000;
    private const int Encodings = 40;
    private const int SnapshotSize = CpuState.BounceOffset;

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void No_handler_uses_stack_for_the_next(int bits)
    {
        using EmulatedInstruction emulated = new();
        byte* snapshot = HostMemory.Allocate(SnapshotSize);
        Dictionary<nint, Code> tested = [];
        Dictionary<nint, Code> endless = [];
        List<string> growing = [];
        foreach (Code code in Enum.GetValues<Code>().Where(code => bits == 64 ? code.ToOpCode().IntelDecoder64 : code.ToOpCode().IntelDecoder32))
        {
            CaseGenerator generator = new(new Random((int)code), new ComparisonOptions { Bits = bits, MemoryFaults = false, UnmaskedExceptions = false });
            TestCase testCase = default;
            for (int n = 0; n < Encodings && generator.TryGenerate(code, ref testCase, out Instruction instruction) && emulated.Prepare(ref testCase); n++)
            {
                Op sample = *emulated.Ops;
                nint handler = (nint)sample.Fn;
                if (tested.ContainsKey(handler))
                {
                    continue;
                }

                long? once = Growth(emulated, ref testCase, sample, snapshot, 1);
                if (once is null)
                {
                    // It faults, or ends its block as branches do.
                    continue;
                }

                long? deep = Growth(emulated, ref testCase, sample, snapshot, Depth);
                if (deep is null)
                {
                    endless.TryAdd(handler, code);
                    continue;
                }

                tested.Add(handler, code);
                endless.Remove(handler);
                if (deep - once > 256)
                {
                    growing.Add($"{code} ({instruction}): {(deep - once) / Depth} bytes");
                }
            }
        }

        HostMemory.Free(snapshot, SnapshotSize);
        Assert.True(growing.Count == 0, $"{growing.Count} of {tested.Count} handlers keep a stack frame: {string.Join("; ", growing)}");
        Assert.True(endless.Count == 0, $"Handlers that completed once but not {Depth} times: {string.Join(' ', endless.Values)}");
        Assert.True(tested.Count > 500, $"Only {tested.Count} handlers were tried.");
    }

    [Fact]
    public void A_handler_that_keeps_a_frame_is_noticed()
    {
        using EmulatedInstruction emulated = new();
        byte* snapshot = HostMemory.Allocate(SnapshotSize);
        TestCase testCase = new() { Bits = 64 };
        Mark mark = default;
        Op sample = default;
        Set(&sample, &Start, &mark);
        Assert.True(Growth(emulated, ref testCase, sample, snapshot, Depth) >= 16 * Depth);
        HostMemory.Free(snapshot, SnapshotSize);
    }

    /// <summary>Stack used between the first and the last op of a chain of equal ops, each of which starts from the same state; null when the chain ended early.</summary>
    private static long? Growth(EmulatedInstruction emulated, ref TestCase testCase, Op sample, byte* snapshot, int depth)
    {
        Op* first = emulated.Ops;
        Op* op = first;
        Mark* marks = stackalloc Mark[1];
        *marks = default;
        Set(op++, &Start, marks);
        for (int n = 0; n < depth; n++)
        {
            Set(op++, &Restore, snapshot);
            *op++ = sample;
        }

        Set(op, &Stop, marks);
        emulated.Load(ref testCase);
        NativeMemory.Copy(emulated.State, snapshot, SnapshotSize);
        first->Fn(emulated.State, first);
        return marks->Last == 0 ? null : marks->First - marks->Last;
    }

    private static void Set(Op* op, delegate*<CpuState*, Op*, Op*> handler, void* argument)
    {
        *op = default;
        op->Fn = handler;
        op->Imm = (ulong)argument;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* Start(CpuState* s, Op* op)
    {
        int local;
        ((Mark*)op->Imm)->First = (long)&local;
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Restore(CpuState* s, Op* op)
    {
        NativeMemory.Copy((void*)op->Imm, s, SnapshotSize);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* Stop(CpuState* s, Op* op)
    {
        int local;
        ((Mark*)op->Imm)->Last = (long)&local;
        return null;
    }

    private struct Mark
    {
        public long First;
        public long Last;
    }
}
