using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

/// <summary>What the control registers make of floating-point and vector instructions (SDM vol. 3, 2.5).</summary>
public sealed unsafe class VectorStateTests
{
    private const ulong Mp = 2;
    private const ulong Em = 4;
    private const ulong Ts = 8;
    private const ulong Ne = 0x20;
    private const ulong Osfxsr = 0x200;
    private const ulong Osxmmexcpt = 0x400;
    private const int None = -1;

    [Theory]
    [InlineData(Ne, None)]
    [InlineData(Ne | Ts, Vector.DeviceNotAvailable)]
    [InlineData(Ne | Em, Vector.DeviceNotAvailable)]
    [InlineData(Ne | Mp, None)]
    public void X87_instructions_obey_EM_and_TS(ulong cr0, int vector)
        => Assert.Equal(vector, Run([0xD9, 0xE8], cr0, Osfxsr));

    [Theory]
    [InlineData(Ne | Ts, None)]
    [InlineData(Ne | Em, None)]
    [InlineData(Ne | Mp, None)]
    [InlineData(Ne | Mp | Ts, Vector.DeviceNotAvailable)]
    public void Wait_obeys_TS_only_with_MP(ulong cr0, int vector)
        => Assert.Equal(vector, Run([0x9B], cr0, Osfxsr));

    [Theory]
    [InlineData(Ne, Osfxsr, None)]
    [InlineData(Ne | Ts, Osfxsr, Vector.DeviceNotAvailable)]
    [InlineData(Ne | Em, Osfxsr, Vector.InvalidOpcode)]
    [InlineData(Ne, 0UL, Vector.InvalidOpcode)]
    [InlineData(Ne | Ts, 0UL, Vector.InvalidOpcode)]
    public void Sse_instructions_obey_EM_TS_and_OSFXSR(ulong cr0, ulong cr4, int vector)
        => Assert.Equal(vector, Run([0xF2, 0x0F, 0x58, 0xC1], cr0, cr4));

    [Theory]
    [InlineData(Osfxsr | Osxmmexcpt, Vector.SimdFloatingPoint)]
    [InlineData(Osfxsr, Vector.InvalidOpcode)]
    public void An_unmasked_sse_exception_is_XM_or_UD(ulong cr4, int vector)
        => Assert.Equal(vector, Run([0xF2, 0x0F, 0x5E, 0xC1], Ne, cr4, mxcsr: 0));

    [Fact]
    public void A_pending_x87_exception_is_reported_by_the_next_waiting_instruction_only()
    {
        const ushort Pending = 0x8081;
        Assert.Equal(Vector.FloatingPoint, Run([0xD9, 0xE8], Ne, Osfxsr, fsw: Pending));
        Assert.Equal(Vector.FloatingPoint, Run([0x9B], Ne, Osfxsr, fsw: Pending));
        Assert.Equal(None, Run([0xDF, 0xE0], Ne, Osfxsr, fsw: Pending));
        Assert.Equal(None, Run([0xDB, 0xE3], Ne, Osfxsr, fsw: Pending));
    }

    /// <summary>Runs one instruction with zeros in all vector registers; gives the vector of its fault.</summary>
    private static int Run(byte[] code, ulong cr0, ulong cr4, uint mxcsr = 0x1F80, ushort fsw = 0)
    {
        using EmulatedInstruction emulated = new();
        TestCase testCase = default;
        testCase.Bits = 64;
        testCase.Fcw = 0x37E;
        testCase.Fsw = fsw;
        testCase.Mxcsr = mxcsr;
        TestCase.SetCode(ref testCase, code);
        emulated.Load(ref testCase);
        CpuState* s = emulated.State;
        s->Cr0 = (s->Cr0 & ~(Mp | Em | Ts)) | cr0;
        s->Cr4 = (s->Cr4 & ~(Osfxsr | Osxmmexcpt)) | cr4;

        Decoder decoder = Decoder.Create(64, code, OracleLayout.CodeStart);
        decoder.Decode(out Instruction instruction);
        Op* ops = (Op*)NativeMemory.AllocZeroed(2, (nuint)sizeof(Op));
        uint mode = EmulatedInstruction.ModeOf(64);
        OperandFields.Fill(instruction, ops, mode);
        Assert.True(emulated.Table.TryBind(instruction, ops, mode));
        ops[1].Fn = &End;
        ops->Fn(s, ops);
        NativeMemory.Free(ops);
        return s->FaultVector;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* End(CpuState* s, Op* op) => null;
}
