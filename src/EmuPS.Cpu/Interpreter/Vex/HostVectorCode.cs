using System;
using System.Collections.Generic;
using System.Threading;
using EmuPS.Core.Native;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Translation;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Vex;

/// <summary>Executes vector instructions of the interpreter on the host's processor: one small function of host code for each form, made when the form is first decoded.</summary>
/// <remarks>
/// A form is an Iced code with its immediate, with a register or with memory. The function always uses the same host registers and gets the guest's from the state slots that the
/// op names, so there are a few ten thousand forms at most, and the region holds them all. MXCSR comes from <see cref="CpuState.VexMxcsr"/>, where every exception must be masked.
/// </remarks>
internal sealed unsafe class HostVectorCode : IDisposable
{
    private const ulong Size = 8UL << 20;
    private const int Reserve = 256;
    private const int HostMxcsr = 0x1F80;
    private const int Scratch = HostRegister.Rcx;
    private readonly CodeMemory _memory;
    private readonly HostAssembler _assembler;
    private readonly Encoder _encoder;
    private readonly InstructionInfoFactory _information = new();
    private readonly Dictionary<(Code Code, byte Immediate, bool Memory), nint> _forms = [];
    private readonly Lock _lock = new();

    private HostVectorCode(bool? splitWx)
    {
        _memory = CodeMemory.Allocate(Size, splitWx);
        _assembler = new HostAssembler { Position = _memory.Start, ToWritable = _memory.ToWritable };
        _assembler.Int32(HostMxcsr);
        _assembler.Position = _memory.Start + 16;
        _encoder = Encoder.Create(64, new AssemblerWriter(_assembler));
    }

    /// <summary>Makes an empty one.</summary>
    /// <param name="splitWx">Whether code is written through a second view of its memory; null where the host demands it.</param>
    /// <returns>Null where the host lacks the instructions, or allows no executable memory.</returns>
    public static HostVectorCode? TryMake(bool? splitWx = null)
    {
        if (!HostFeatures.HasVex)
        {
            return null;
        }

        try
        {
            return new HostVectorCode(splitWx);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Runs a form.</summary>
    /// <param name="function">What <see cref="Find"/> gave.</param>
    /// <param name="s">The state.</param>
    /// <param name="op">The op, whose slots <see cref="Op.Dst"/>, <see cref="Op.Src"/>, <see cref="Op.Src2"/> and <see cref="Op.Aux"/> name the registers in the order of the operands.</param>
    /// <param name="memory">Host address of the memory operand.</param>
    /// <returns>RFLAGS, or 0 when the instruction leaves them alone.</returns>
    public static ulong Run(ulong function, CpuState* s, Op* op, byte* memory)
    {
        s->UpperHalves = CpuState.UpperHalvesUsed;
        return ((delegate* unmanaged<CpuState*, Op*, byte*, ulong>)function)(s, op, memory);
    }

    /// <summary>Finds or makes the function of an instruction's form.</summary>
    /// <param name="i">The instruction; its memory operand, if any, is an ordinary one.</param>
    /// <returns>0 when the host's encoder does not know it.</returns>
    public ulong Find(in Instruction i)
    {
        bool memory = MemoryOperand(i) >= 0;
        byte immediate = i.GetOpKind(i.OpCount - 1) == OpKind.Immediate8 ? i.Immediate8 : (byte)0;
        lock (_lock)
        {
            if (!_forms.TryGetValue((i.Code, immediate, memory), out nint function))
            {
                function = Write(i);
                _forms.Add((i.Code, immediate, memory), function);
            }

            return (ulong)function;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    /// <summary>Number of the memory operand, or -1.</summary>
    /// <param name="i">The instruction.</param>
    public static int MemoryOperand(in Instruction i)
    {
        for (int n = 0; n < i.OpCount; n++)
        {
            if (i.GetOpKind(n) == OpKind.Memory)
            {
                return n;
            }
        }

        return -1;
    }

    private nint Write(in Instruction i)
    {
        HostAssembler a = _assembler;
        byte* start = a.Position;
        if (start + Reserve > _memory.Start + Size)
        {
            return 0;
        }

        ref readonly InstructionInfo info = ref _information.GetInfo(i);
        Instruction copy = i;
        a.Move(HostRegister.R10, HostRegister.Rdx);
        int count = 0;
        int general = -1;
        for (int n = 0; n < i.OpCount; n++)
        {
            if (i.GetOpKind(n) == OpKind.Memory)
            {
                copy.MemoryBase = Register.R10;
                copy.MemoryIndex = Register.None;
                copy.MemoryIndexScale = 1;
                copy.MemoryDisplacement64 = 0;
                copy.MemoryDisplSize = 0;
                copy.SegmentPrefix = Register.None;
            }
            else if (i.GetOpKind(n) == OpKind.Register)
            {
                Register register = i.GetOpRegister(n);
                bool read = info.GetOpAccess(n) != OpAccess.Write;
                if (register.IsGPR())
                {
                    general = read ? count : general;
                    copy.SetOpRegister(n, register.GetSize() == 8 ? Register.RAX : Register.EAX);
                }
                else
                {
                    copy.SetOpRegister(n, (register.IsYMM() ? Register.YMM0 : Register.XMM0) + count);
                    if (read)
                    {
                        LoadSlotOffset(a, count);
                        a.Vector(0x10, count, Slot);
                    }
                }

                count++;
            }
        }

        if (general >= 0)
        {
            LoadSlotOffset(a, general);
            a.Load(HostRegister.Rax, Slot);
        }

        bool explicitLengths = i.Mnemonic is Mnemonic.Vpcmpestri or Mnemonic.Vpcmpestri64 or Mnemonic.Vpcmpestrm or Mnemonic.Vpcmpestrm64;
        if (explicitLengths)
        {
            a.Load(HostRegister.Rax, State(CpuState.GprOffset + (HostRegister.Rax * 8)));
            a.Load(HostRegister.Rdx, State(CpuState.GprOffset + (HostRegister.Rdx * 8)));
        }

        a.Memory0F(0, 0xAE, 2, State(CpuState.VexMxcsrOffset));
        if (!_encoder.TryEncode(copy, (ulong)a.Position, out _, out _))
        {
            a.Position = start;
            return 0;
        }

        WriteResults(a, i, info);
        return (nint)start;
    }

    private void WriteResults(HostAssembler a, in Instruction i, in InstructionInfo info)
    {
        bool flags = i.RflagsModified != RflagsBits.None;
        if (i.Mnemonic is Mnemonic.Vpcmpestri or Mnemonic.Vpcmpestri64 or Mnemonic.Vpcmpistri)
        {
            a.Store(State(CpuState.GprOffset + (HostRegister.Rcx * 8)), HostRegister.Rcx);
        }
        else if (i.Mnemonic is Mnemonic.Vpcmpestrm or Mnemonic.Vpcmpestrm64 or Mnemonic.Vpcmpistrm)
        {
            a.Vector(0x11, 0, State(CpuState.XmmOffset));
        }
        else if (i.GetOpKind(0) == OpKind.Register && info.GetOpAccess(0) != OpAccess.Read)
        {
            LoadSlotOffset(a, 0);
            if (i.GetOpRegister(0).IsGPR())
            {
                a.Store(Slot, HostRegister.Rax);
            }
            else
            {
                a.Vector(0x11, 0, Slot);
            }
        }

        if (flags)
        {
            // PUSHFQ; POP RAX. Moves changed no flags since.
            a.Byte(0x9C);
            a.Byte(0x58);
        }
        else
        {
            a.Constant(HostRegister.Rax, 0);
        }

        a.Memory0F(0, 0xAE, 3, State(CpuState.VexMxcsrOffset));
        a.Constant(Scratch, (ulong)_memory.Start);
        a.Memory0F(0, 0xAE, 2, new HostOperand(Scratch, 0));
        a.ZeroUpperHalves();
        a.Byte(0xC3);
    }

    /// <summary>The register that the slot names whose offset is in the scratch register.</summary>
    private static HostOperand Slot => new(HostRegister.Rdi, 0, Scratch);

    private static HostOperand State(int offset) => new(HostRegister.Rdi, offset);

    /// <summary>MOVZX ecx, word [rsi + slot].</summary>
    private static void LoadSlotOffset(HostAssembler a, int number)
    {
        Op op;
        ushort* slot = number switch { 0 => &op.Dst, 1 => &op.Src, 2 => &op.Src2, _ => &op.Aux };
        a.Memory0F(0, 0xB7, Scratch, new HostOperand(HostRegister.Rsi, (int)((byte*)slot - (byte*)&op)));
    }

    private sealed class AssemblerWriter(HostAssembler assembler) : CodeWriter
    {
        public override void WriteByte(byte value) => assembler.Byte(value);
    }
}
