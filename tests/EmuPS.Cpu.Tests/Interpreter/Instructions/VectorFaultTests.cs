using System;
using System.IO;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

/// <summary>What vector instructions answer when the control registers do not let them run. A lazy operating system lives on these faults.</summary>
public sealed unsafe class VectorFaultTests
{
    private const int InvalidOpcode = 6;
    private const int DeviceNotAvailable = 7;
    private const int GeneralProtection = 13;
    private const int FloatingPoint = 16;

    private delegate void Change(CpuState* s);

    [Fact]
    public void Sse_needs_osfxsr_and_neither_em_nor_ts()
    {
        foreach (Action<Assembler> instruction in new Action<Assembler>[]
            { a => a.paddb(xmm1, xmm2), a => a.pslldq(xmm1, 3), a => a.movdqa(xmm1, xmm2), a => a.movdqu(xmm1, __[rbx]), a => a.pmovmskb(eax, xmm3), a => a.stmxcsr(__[rbx]) })
        {
            Assert.Equal(InvalidOpcode, Run(instruction, s => s->Cr4 &= ~(1UL << 9)));
            Assert.Equal(InvalidOpcode, Run(instruction, s => s->Cr0 |= 4));
            Assert.Equal(DeviceNotAvailable, Run(instruction, s => s->Cr0 |= 8));
            Assert.Equal(InvalidOpcode, Run(instruction, s => s->Cr0 |= 12));
        }
    }

    [HostProcessorFact]
    public void Vex_needs_osxsave_and_both_states_in_xcr0_and_not_ts()
    {
        if (!Translation.HostFeatures.HasVex)
        {
            return;
        }

        foreach (Action<Assembler> instruction in new Action<Assembler>[]
            {
                a => a.vpaddb(ymm1, ymm2, ymm3), a => a.vaddsd(xmm1, xmm2, xmm3), a => a.vmovdqu(ymm1, __[rbx]), a => a.vmovdqu(__[rbx], xmm1), a => a.vzeroupper(), a => a.vzeroall(),
                a => a.vpmaskmovd(ymm1, ymm2, __[rbx]), a => a.vpgatherdd(xmm1, __[rbx + xmm2], xmm3), a => a.vldmxcsr(__[rbx]), a => a.vstmxcsr(__[rbx]), a => a.vptest(ymm1, ymm2),
            })
        {
            Assert.Equal(InvalidOpcode, Run(instruction, s => s->Cr4 &= ~(1UL << 18)));
            Assert.Equal(InvalidOpcode, Run(instruction, s => s->Xcr0 = 3));
            Assert.Equal(DeviceNotAvailable, Run(instruction, s => s->Cr0 |= 8));
            Assert.Equal(InvalidOpcode, Run(instruction, s => (s->Cr0, s->Xcr0) = (s->Cr0 | 8, 3)));
        }
    }

    [Fact]
    public void Mmx_needs_neither_em_nor_ts_and_reports_pending_x87_exceptions()
    {
        foreach (Action<Assembler> instruction in new Action<Assembler>[]
            { a => a.paddb(mm1, mm2), a => a.psllq(mm1, 3), a => a.movq(mm1, __[rbx]), a => a.movd(eax, mm2), a => a.emms(), a => a.movq2dq(xmm1, mm2) })
        {
            Assert.Equal(InvalidOpcode, Run(instruction, s => s->Cr0 |= 4));
            Assert.Equal(DeviceNotAvailable, Run(instruction, s => s->Cr0 |= 8));
            Assert.Equal(FloatingPoint, Run(instruction, s => s->Fsw |= 0x8081));
        }
    }

    [Fact]
    public void A_fault_of_the_operand_leaves_the_x87_stack_alone()
    {
        using EmulatedInstruction emulated = new();
        int vector = Run(emulated, a => a.movdqa(xmm1, __[rbx + 8]), s => { });

        Assert.Equal(GeneralProtection, vector);
        Assert.Equal(0u, emulated.State->FaultErrorCode);
        Assert.Equal(3 << 11, emulated.State->Fsw);
        Assert.Equal(0, emulated.State->Ftw);
    }

    [Fact]
    public void Fxsave_and_fxrstor_need_neither_em_nor_ts()
    {
        foreach (Action<Assembler> instruction in new Action<Assembler>[] { a => a.fxsave(__[rbx]), a => a.fxrstor(__[rbx]) })
        {
            Assert.Equal(DeviceNotAvailable, Run(instruction, s => s->Cr0 |= 4));
            Assert.Equal(DeviceNotAvailable, Run(instruction, s => s->Cr0 |= 8));
        }
    }

    [Fact]
    public void Xsave_needs_osxsave_and_not_ts_and_its_supervisor_forms_privilege_level_0()
    {
        foreach (Action<Assembler> instruction in new Action<Assembler>[] { a => a.xsave(__[rbx]), a => a.xsaveopt(__[rbx]), a => a.xsavec(__[rbx]), a => a.xrstor(__[rbx]) })
        {
            Assert.Equal(InvalidOpcode, Run(instruction, s => s->Cr4 &= ~(1UL << 18)));
            Assert.Equal(DeviceNotAvailable, Run(instruction, s => s->Cr0 |= 8));
        }

        Assert.Equal(GeneralProtection, Run(a => a.xsaves(__[rbx]), s => { }));
        Assert.Equal(GeneralProtection, Run(a => a.xrstors(__[rbx]), s => { }));
    }

    private static int Run(Action<Assembler> instruction, Change change)
    {
        using EmulatedInstruction emulated = new();
        return Run(emulated, instruction, change);
    }

    /// <summary>The vector that an instruction ends in after a change of the state; it must be a fault.</summary>
    private static int Run(EmulatedInstruction emulated, Action<Assembler> instruction, Change change)
    {
        Assembler assembler = new(64);
        instruction(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), OracleLayout.CodeStart);
        TestCase c = new() { Bits = 64, Fcw = 0x37F, Fsw = 3 << 11, Mxcsr = 0x1F80 };
        c.Gpr[3] = OracleLayout.MiddleWindow;
        Decoder decoder = Decoder.Create(64, stream.ToArray(), OracleLayout.CodeStart);
        Op op = default;
        OperandFields.Fill(decoder.Decode(), &op, EmulatedInstruction.ModeOf(64));
        Assert.True(emulated.Table.TryBind(Decoder.Create(64, stream.ToArray(), OracleLayout.CodeStart).Decode(), &op, EmulatedInstruction.ModeOf(64)));
        emulated.Load(ref c);
        change(emulated.State);
        Assert.True(op.Fn(emulated.State, &op) == null);
        Assert.Equal(OracleLayout.CodeStart, emulated.State->Rip);
        return emulated.State->FaultVector;
    }
}
