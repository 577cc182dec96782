using System;
using System.Runtime.InteropServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Guests;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Privileged;

/// <summary>A processor whose state a test prepares by hand, and which executes single instructions.</summary>
internal sealed unsafe class SystemBench : IDisposable
{
    private readonly InstructionTable _table;
    private readonly Op* _ops = (Op*)NativeMemory.AllocZeroed(2, (nuint)sizeof(Op));

    public SystemBench(EntryMode mode = EntryMode.Long64)
    {
        Guest = new TinyGuest(mode);
        _table = new InstructionTable(Guest.Cpu.HostVectors);
        Guest.Cpu.Reset();
        Guest.Cpu.SetEntry(new ProcessorEntry(mode, TinyGuest.Code) { Rsp = TinyGuest.Stack, Cr3 = TinyGuest.Pml4, GdtBase = TinyGuest.Gdt, GdtLimit = 0x1F });
    }

    public TinyGuest Guest { get; }

    public CpuState* State => Guest.State;

    /// <summary>Executes one instruction.</summary>
    /// <returns>The vector it faulted with, or -1.</returns>
    public int Execute(params byte[] code)
    {
        CpuState* s = State;
        s->FaultVector = Fault.None;
        s->FaultErrorCode = 0;
        Decoder decoder = Decoder.Create((s->Mode & CpuMode.Long64) != 0 ? 64 : (s->Mode & CpuMode.Code32) != 0 ? 32 : 16, code);
        decoder.IP = TinyGuest.Code;
        decoder.Decode(out Instruction instruction);
        OperandFields.Fill(in instruction, _ops, s->Mode);
        if (!_table.TryBind(in instruction, _ops, s->Mode))
        {
            return 6;
        }

        _ops[1].Fn = CodeCache.BlockDecoder.EndOp;
        _ops[1].Rip = _ops->NextRip;
        _ops->Fn(s, _ops);
        return s->FaultVector;
    }

    public void Dispose()
    {
        NativeMemory.Free(_ops);
        Guest.Dispose();
    }
}
