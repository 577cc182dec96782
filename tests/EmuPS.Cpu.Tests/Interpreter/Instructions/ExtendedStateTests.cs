using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Intrinsics.X86;
using System.Text;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

/// <summary>FXSAVE, FXRSTOR and the XSAVE instructions. The area lies at the start of the middle window, so that its extended region is on another page.</summary>
public sealed unsafe class ExtendedStateTests
{
    private const int Cases = 400;

    private delegate void Fill(Random random, ref TestCase c);

    [HostProcessorFact]
    public void Fxsave_stores_what_the_real_processor_stores()
    {
        Compare(a => a.fxsave(__[rbx]), FillState, IgnorePointers);
        Compare(a => a.fxsave64(__[rbx]), FillState, IgnorePointers);
    }

    [HostProcessorFact]
    public void Fxrstor_loads_what_the_real_processor_loads()
    {
        Compare(a => a.fxrstor(__[rbx]), FillArea, Ignore);
        Compare(a => a.fxrstor64(__[rbx]), FillArea, Ignore);
    }

    [HostProcessorFact]
    public void Xsave_stores_what_the_real_processor_stores()
    {
        Compare(a => a.xsave(__[rbx]), FillState, IgnorePointers);
        Compare(a => a.xsave64(__[rbx]), FillState, IgnorePointers);
        Compare(a => a.xsaveopt(__[rbx]), FillState, IgnorePointers);
        Compare(a => a.xsavec(__[rbx]), FillState, IgnorePointers);
        Compare(a => a.xsavec64(__[rbx]), FillState, IgnorePointers);
    }

    [HostProcessorFact]
    public void Xrstor_loads_what_the_real_processor_loads()
    {
        Compare(a => a.xrstor(__[rbx]), FillArea, Ignore);
        Compare(a => a.xrstor64(__[rbx]), FillArea, Ignore);
    }

    [Fact]
    public void Xsavec_leaves_out_what_is_in_its_initial_state()
    {
        TestCase c = Case(a => a.xsavec(__[rbx]));
        c.Mxcsr = 0x1F80;
        TestCase.High(ref c, 3)[0] = 1;
        TestResult result = Run(ref c);

        Assert.Equal(4UL, Quadword(ref result, 512));
        Assert.Equal(0x8000_0000_0000_0007, Quadword(ref result, 520));
        Assert.Equal(0xEEEE_EEEE_EEEE_EEEE, Quadword(ref result, 24));
        Assert.Equal(0xEEEE_EEEE_EEEE_EEEE, Quadword(ref result, 160));
        Assert.Equal(1UL, Quadword(ref result, 576 + 48));
    }

    [Fact]
    public void Xsavec_stores_xmm_registers_when_mxcsr_alone_has_changed()
    {
        TestCase c = Case(a => a.xsavec(__[rbx]));
        c.Mxcsr = 0x3F80;
        TestResult result = Run(ref c);

        Assert.Equal(2UL, Quadword(ref result, 512));
        Assert.Equal(0xFFFF_0000_3F80UL, Quadword(ref result, 24));
        Assert.Equal(0UL, Quadword(ref result, 160));
    }

    [Fact]
    public void Xsave_keeps_the_header_bits_of_components_that_were_not_asked_for()
    {
        TestCase c = Case(a => a.xsave(__[rbx]));
        c.Gpr[0] = 2;
        BinaryPrimitives.WriteUInt64LittleEndian(TestCase.MemoryAt(ref c, OracleLayout.MiddleWindow + 512, 8), 0xF7);
        TestResult result = Run(ref c);

        Assert.Equal(0xF5UL, Quadword(ref result, 512));
        Assert.Equal(0xEEEE_EEEE_EEEE_EEEE, Quadword(ref result, 520));
        Assert.Equal(0xEEEE_EEEE_EEEE_EEEE, Quadword(ref result, 0));
        Assert.Equal(0UL, Quadword(ref result, 160));
    }

    [Fact]
    public void Misaligned_areas_are_protection_faults()
    {
        foreach (Action<Assembler> instruction in new Action<Assembler>[] { a => a.fxsave(__[rbx + 8]), a => a.fxrstor(__[rbx + 8]), a => a.xsave(__[rbx + 16]), a => a.xrstor(__[rbx + 16]) })
        {
            TestCase c = Case(instruction);
            Assert.Equal(13, Run(ref c).Vector);
        }
    }

    private static ulong Quadword(ref TestResult result, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(TestResult.MiddleBytes(ref result)[offset..]);

    private static TestResult Run(ref TestCase c)
    {
        using EmulatedInstruction emulated = new();
        TestResult result = default;
        Assert.True(emulated.Run(ref c, ref result));
        return result;
    }

    /// <summary>All registers in their initial state, all components asked for, a recognisable pattern in memory.</summary>
    private static TestCase Case(Action<Assembler> instruction)
    {
        Assembler assembler = new(64);
        instruction(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), OracleLayout.CodeStart);
        TestCase c = default;
        c.Bits = 64;
        TestCase.SetCode(ref c, stream.ToArray());
        c.Gpr[0] = 7;
        c.Gpr[3] = OracleLayout.MiddleWindow;
        c.Fcw = 0x37F;
        c.Mxcsr = 0x1F80;
        TestCase.MemoryAt(ref c, OracleLayout.MiddleWindow, OracleLayout.MiddleWindowSize).Fill(0xEE);
        return c;
    }

    private static void FillState(Random random, ref TestCase c)
    {
        c.Gpr[0] = (ulong)random.Next(32) & (Avx.IsSupported ? 0x1FUL : 3);
        c.Gpr[2] = 0;
        for (int n = 0; n < 16; n++)
        {
            random.NextBytes(TestCase.Xmm(ref c, n));
            random.NextBytes(TestCase.High(ref c, n));
        }

        for (int n = 0; n < 8; n++)
        {
            OperandValues.Extended(random, TestCase.St(ref c, n));
        }

        c.Fsw = (ushort)(random.Next(8) << 11 | (random.Next(2) * 0x4500));
        c.Ftw = (byte)random.Next(1, 256);
        c.Mxcsr = ((uint)random.Next(4) << 13) | 0x1F80 | (uint)random.Next(0x40);
        random.NextBytes(TestCase.MemoryAt(ref c, OracleLayout.MiddleWindow, OracleLayout.MiddleWindowSize));
        BinaryPrimitives.WriteUInt64LittleEndian(TestCase.MemoryAt(ref c, OracleLayout.MiddleWindow + 512, 8), (ulong)random.Next(8));
    }

    private static void FillArea(Random random, ref TestCase c)
    {
        FillState(random, ref c);
        Span<byte> area = TestCase.MemoryAt(ref c, OracleLayout.MiddleWindow, OracleLayout.MiddleWindowSize);
        BinaryPrimitives.WriteUInt32LittleEndian(area[24..], (uint)random.Next(0x10000) | (random.Next(8) == 0 ? 1u << (random.Next(2) == 0 ? 16 : 18 + random.Next(14)) : 0));
        area[512..576].Clear();
        ulong components = (uint)random.Next(8);
        BinaryPrimitives.WriteUInt64LittleEndian(area[512..], components);
        if (random.Next(3) == 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(area[520..], (components | (uint)random.Next(8)) | (1UL << 63));
        }

        if (random.Next(6) == 0)
        {
            // A bit that may be wrong, anywhere in the header; not those of components that the host may have enabled and the emulated processor has not.
            int bit = random.Next(512);
            if (bit % 64 is < 3 or > 20)
            {
                area[512 + (bit / 8)] ^= (byte)(1 << (bit & 7));
            }
        }
    }

    private static void Ignore(ref TestResult host, ref TestResult emulated)
    {
    }

    /// <summary>AMD's processors store the last instruction's opcode and pointers only with a pending exception, and have one more MXCSR bit.</summary>
    private static void IgnorePointers(ref TestResult host, ref TestResult emulated)
    {
        TestResult.MiddleBytes(ref emulated)[6..24].CopyTo(TestResult.MiddleBytes(ref host)[6..]);
        TestResult.MiddleBytes(ref emulated)[28..32].CopyTo(TestResult.MiddleBytes(ref host)[28..]);
    }

    private delegate void Normalization(ref TestResult host, ref TestResult emulated);

    private static void Compare(Action<Assembler> instruction, Fill fill, Normalization normalize)
    {
        using HostProcessor host = new();
        using EmulatedInstruction emulated = new();
        TestCase[] cases = new TestCase[Cases];
        TestResult[] expected = new TestResult[Cases];
        Random random = new(1);
        for (int n = 0; n < Cases; n++)
        {
            cases[n] = Case(instruction);
            fill(random, ref cases[n]);
        }

        Iced.Intel.Decoder decoder = Iced.Intel.Decoder.Create(64, TestCase.CodeBytes(ref cases[0]).ToArray(), OracleLayout.CodeStart);
        Instruction decoded = decoder.Decode();
        host.Run(cases, expected);
        StringBuilder report = new();
        int failures = 0;
        for (int n = 0; n < Cases; n++)
        {
            TestResult actual = default;
            Assert.True(emulated.Run(ref cases[n], ref actual));
            normalize(ref expected[n], ref actual);
            List<string> differences = ResultDifferences.Find(ref cases[n], decoded, ref expected[n], ref actual);
            if (differences.Count > 0 && failures++ < 4)
            {
                report.Append($"\nmask {cases[n].Gpr[0]:X} header {Convert.ToHexString(TestCase.MemoryAt(ref cases[n], OracleLayout.MiddleWindow + 512, 64))} legacy {Convert.ToHexString(TestCase.MemoryAt(ref cases[n], OracleLayout.MiddleWindow, 32))}");
                ResultDifferences.Describe(report, ref cases[n], decoded, differences);
            }
        }

        Assert.True(failures == 0, $"{decoded}: {failures} of {Cases} cases differ from the real processor.{report}");
    }
}
