using System;
using System.Runtime.CompilerServices;
using EmuPS.Core.Diagnostics;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.CodeCache;

/// <summary>Turns guest code bytes into the ops of a block.</summary>
internal sealed unsafe class BlockDecoder
{
    /// <summary>Most instructions of one block.</summary>
    public const int MaximumCount = 64;

    private const int LongestInstruction = 15;

    private readonly VirtualProcessor _cpu;
    private readonly InstructionTable _table;
    private readonly PointerReader _reader = new();
    private readonly Decoder _decoder16;
    private readonly Decoder _decoder32;
    private readonly Decoder _decoder64;

    /// <summary>Makes a decoder.</summary>
    /// <param name="cpu">The processor.</param>
    public BlockDecoder(VirtualProcessor cpu)
    {
        _cpu = cpu;
        _table = new InstructionTable(cpu.HostVectors);
        _decoder16 = Decoder.Create(16, _reader);
        _decoder32 = Decoder.Create(32, _reader);
        _decoder64 = Decoder.Create(64, _reader);
    }

    /// <summary>The handler that ends a block: the next instruction is the one whose address it carries.</summary>
    public static delegate*<CpuState*, Op*, Op*> EndOp => &End;

    /// <summary>Decodes a block whose <see cref="Block.Rip"/> and <see cref="Block.Mode"/> are set.</summary>
    /// <param name="block">The block; room for <see cref="MaximumCount"/> + 1 ops lies behind it.</param>
    /// <param name="code">Host address of the first byte.</param>
    /// <param name="available">Bytes up to the page's end.</param>
    /// <returns>False when already the first instruction needs more bytes.</returns>
    public bool TryDecode(Block* block, byte* code, int available)
    {
        Decoder decoder = DecoderFor(block->Mode);
        decoder.IP = block->Rip;
        int limit = (block->Mode & CpuMode.SingleStep) != 0 ? 1 : MaximumCount;
        int length = 0;
        while (block->Count < limit)
        {
            // A reader of its own for each instruction: bytes that it read ahead of an error must not be lost.
            _reader.Set(code + length, available - length);
            decoder.Decode(out Instruction instruction);
            if (instruction.IsInvalid && decoder.LastError == DecoderError.NoMoreBytes)
            {
                if (block->Count == 0)
                {
                    return false;
                }

                break;
            }

            length += instruction.Length;
            if (!Append(block, instruction) || length >= available)
            {
                break;
            }
        }

        Finish(block, length);
        return true;
    }

    /// <summary>Decodes a block of the one instruction that crosses into the next page.</summary>
    /// <param name="block">The block.</param>
    /// <param name="code">Host address of the first byte.</param>
    /// <param name="available">Bytes up to the page's end, fewer than an instruction may have.</param>
    /// <param name="next">Host address of the next page.</param>
    public void DecodeCrossing(Block* block, byte* code, int available, byte* next)
    {
        byte* bytes = stackalloc byte[2 * LongestInstruction];
        for (int i = 0; i < LongestInstruction; i++)
        {
            bytes[i] = i < available ? code[i] : next[i - available];
        }

        Decoder decoder = DecoderFor(block->Mode);
        decoder.IP = block->Rip;
        _reader.Set(bytes, LongestInstruction);
        decoder.Decode(out Instruction instruction);
        Append(block, instruction);
        Finish(block, Math.Max(instruction.Length, available + 1));
    }

    private Decoder DecoderFor(uint mode) => (mode & CpuMode.Long64) != 0 ? _decoder64 : (mode & CpuMode.Code32) != 0 ? _decoder32 : _decoder16;

    /// <summary>Adds an instruction; false when it ends the block.</summary>
    private bool Append(Block* block, in Instruction instruction)
    {
        Op* op = block->Ops + block->Count;
        block->Count++;
        OperandFields.Fill(instruction, op, block->Mode);
        if ((block->Mode & CpuMode.Long64) == 0)
        {
            op->NextRip = (block->Mode & CpuMode.Code32) != 0 ? (uint)op->NextRip : (ushort)op->NextRip;
        }

        if (instruction.IsInvalid || !_table.TryBind(instruction, op, block->Mode))
        {
            op->Fn = &Unknown;
            return false;
        }

        if (instruction.FlowControl != FlowControl.Next || BlockEnds.After(instruction))
        {
            op->Flags |= OpFlags.EndsBlock;
            return false;
        }

        return true;
    }

    private static void Finish(Block* block, int length)
    {
        block->Length = length;
        Op* end = block->Ops + block->Count;
        *end = default;
        end->Fn = &End;
        end->Rip = (end - 1)->NextRip;
        end->NextRip = end->Rip;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* End(CpuState* s, Op* op)
    {
        s->Rip = op->Rip;
        return null;
    }

    private static Op* Unknown(CpuState* s, Op* op)
    {
        VirtualProcessor.Of(s).Anomalies.Report(GuestAnomaly.UnknownInstruction, op->Code);
        return Fault.Raise(s, op, Vector.InvalidOpcode);
    }

    private sealed class PointerReader : CodeReader
    {
        private byte* _next;
        private byte* _end;

        public void Set(byte* bytes, int count)
        {
            _next = bytes;
            _end = bytes + count;
        }

        public override int ReadByte() => _next < _end ? *_next++ : -1;
    }
}
