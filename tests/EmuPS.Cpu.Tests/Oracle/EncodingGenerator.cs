using System;
using System.Collections.Generic;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Makes random encodings of an Iced code and sets the registers of their addresses so that they point into the data windows.</summary>
internal sealed partial class EncodingGenerator
{
    private static readonly Register[] Bytes =
    [
        Register.AL, Register.CL, Register.DL, Register.BL, Register.AH, Register.CH, Register.DH, Register.BH, Register.SPL, Register.BPL,
        Register.SIL, Register.DIL, Register.R8L, Register.R9L, Register.R10L, Register.R11L, Register.R12L, Register.R13L, Register.R14L, Register.R15L,
    ];

    // What instructions of a sequence may change; the others hold the stack, addresses and a loop counter.
    private static readonly byte[] SequenceRegisters = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10];
    private static readonly byte[] SequenceBytes = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14];

    private static readonly byte[] NarrowSequenceRegisters = [0, 1, 2, 3];
    private static readonly byte[] NarrowSequenceBytes = [0, 1, 2, 3, 4, 5, 6, 7];

    private readonly Random _random;
    private readonly bool _sequence;
    private readonly bool _faults;
    private readonly int _bits;
    private readonly int _registers;
    private readonly BufferWriter _writer = new();
    private readonly Encoder _encoder;

    /// <summary>Makes a generator.</summary>
    /// <param name="random">Source of randomness.</param>
    /// <param name="options">What to generate.</param>
    /// <param name="sequence">Whether the encodings are for <see cref="SequenceGenerator"/>: memory through registers that nothing changes.</param>
    public EncodingGenerator(Random random, ComparisonOptions options, bool sequence = false)
    {
        _random = random;
        _sequence = sequence;
        _faults = options.MemoryFaults;
        _bits = options.Bits;
        _registers = _bits == 64 ? 16 : 8;
        _encoder = Encoder.Create(_bits, _writer);
    }

    /// <summary>An address on the code page, outside the code under test.</summary>
    public ulong BranchTarget() => OracleLayout.CodeBase + (uint)_random.Next(0x10, 0x7F0);

    /// <summary>Makes an encoding.</summary>
    /// <param name="code">The code.</param>
    /// <param name="c">The case: gets the bytes, and registers that form addresses.</param>
    /// <param name="decoded">Gets the instruction as decoded from the bytes.</param>
    /// <returns>False when this try made no valid encoding.</returns>
    public bool TryMake(Code code, ref TestCase c, out Instruction decoded)
    {
        if (!TryMake(code, ref c, OracleLayout.CodeStart, out decoded))
        {
            return false;
        }

        TestCase.SetCode(ref c, Encoded);
        return true;
    }

    /// <summary>Bytes of the last encoding.</summary>
    public ReadOnlySpan<byte> Encoded => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_writer.Bytes);

    /// <summary>Makes an encoding for some address; the bytes are <see cref="Encoded"/>.</summary>
    /// <param name="code">The code.</param>
    /// <param name="c">The case: gets registers that form addresses.</param>
    /// <param name="address">Where the instruction will lie.</param>
    /// <param name="decoded">Gets the instruction as decoded from the bytes.</param>
    /// <returns>False when this try made no valid encoding.</returns>
    public bool TryMake(Code code, ref TestCase c, ulong address, out Instruction decoded)
    {
        decoded = default;
        OpCodeInfo info = code.ToOpCode();
        if (!info.IsInstruction || info.Fwait || !(_bits == 64 ? info.Mode64 : info.Mode32))
        {
            return false;
        }

        Instruction instruction = new() { Code = code };
        if (info.IsStackInstruction && !_sequence)
        {
            SetStack(ref c);
        }

        int last = -1;
        for (int n = 0; n < info.OpCount; n++)
        {
            if (!SetOperand(ref instruction, ref c, info, n, ref last))
            {
                return false;
            }
        }

        if (instruction.IsStringInstruction)
        {
            SetString(ref instruction, ref c);
        }

        if (info.CanUseLockPrefix && instruction.Op0Kind == OpKind.Memory && _random.Next(4) == 0)
        {
            instruction.HasLockPrefix = true;
        }

        _writer.Bytes.Clear();
        if (!_encoder.TryEncode(instruction, address, out uint _, out string? _))
        {
            return false;
        }

        Decoder decoder = Decoder.Create(_bits, _writer.Bytes.ToArray(), address);
        decoder.Decode(out decoded);
        return decoded.Code == code && decoded.Length == _writer.Bytes.Count;
    }

    private bool SetOperand(ref Instruction i, ref TestCase c, OpCodeInfo info, int n, ref int last)
    {
        OpCodeOperandKind kind = info.GetOpKind(n);
        switch (kind)
        {
            case OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r64_or_mem
                or OpCodeOperandKind.mm_or_mem or OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.ymm_or_mem:
                if (_random.Next(2) == 0)
                {
                    return SetMemory(ref i, ref c, info, n);
                }

                return SetRegister(ref i, ref c, n, RegisterKind(kind), ref last);
            case OpCodeOperandKind.mem or OpCodeOperandKind.mem_offs:
                return SetMemory(ref i, ref c, info, n);
            case OpCodeOperandKind.mem_vsib32x or OpCodeOperandKind.mem_vsib32y or OpCodeOperandKind.mem_vsib64x or OpCodeOperandKind.mem_vsib64y:
                SetElementAddresses(ref i, ref c, n, kind);
                return true;
            case OpCodeOperandKind.seg_rBX_al:
                i.SetOpKind(n, OpKind.Memory);
                i.MemoryBase = _bits == 64 && _random.Next(4) != 0 ? Register.RBX : Register.EBX;
                i.MemoryIndex = Register.AL;
                SetXlat(ref c, i.MemoryBase);
                return true;
            case OpCodeOperandKind.seg_rSI or OpCodeOperandKind.es_rDI or OpCodeOperandKind.seg_rDI:
                i.SetOpKind(n, StringKind(kind, _bits));
                return true;
            case OpCodeOperandKind.farbr2_2 or OpCodeOperandKind.farbr4_2:
                i.SetOpKind(n, kind == OpCodeOperandKind.farbr2_2 ? OpKind.FarBranch16 : OpKind.FarBranch32);
                i.FarBranchSelector = OracleLayout.CodeSelector32;
                i.FarBranch32 = (uint)BranchTarget();
                return true;
            case OpCodeOperandKind.br16_1 or OpCodeOperandKind.br16_2 or OpCodeOperandKind.br32_1 or OpCodeOperandKind.br32_4
                or OpCodeOperandKind.br64_1 or OpCodeOperandKind.br64_4:
                return SetBranch(ref i, n, kind);
            default:
                return SetImmediate(ref i, n, kind, info) || SetFixed(ref i, n, kind) || SetRegister(ref i, ref c, n, RegisterKind(kind), ref last);
        }
    }

    private bool SetBranch(ref Instruction i, int n, OpCodeOperandKind kind)
    {
        bool near = kind is OpCodeOperandKind.br16_1 or OpCodeOperandKind.br32_1 or OpCodeOperandKind.br64_1;
        i.SetOpKind(n, kind is OpCodeOperandKind.br16_1 or OpCodeOperandKind.br16_2 ? OpKind.NearBranch16
            : kind is OpCodeOperandKind.br32_1 or OpCodeOperandKind.br32_4 ? OpKind.NearBranch32 : OpKind.NearBranch64);

        // Backwards, since the code's own bytes and their padding lie ahead; or right behind, where both ways meet.
        i.NearBranch64 = near ? OracleLayout.CodeStart - (uint)_random.Next(4, 100) : BranchTarget();
        return true;
    }

    private bool SetImmediate(ref Instruction i, int n, OpCodeOperandKind kind, OpCodeInfo info)
    {
        ulong value = _random.Next(2) == 0 ? (ulong)_random.Next(-4, 72) : OperandValues.Integer(_random);
        if (i.Mnemonic == Mnemonic.Enter)
        {
            value = (ulong)_random.Next(kind == OpCodeOperandKind.imm16 ? 64 : 6);
        }

        OpKind operand;
        switch (kind)
        {
            case OpCodeOperandKind.imm8 or OpCodeOperandKind.imm4_m2z:
                bool second = n > 0 && info.GetOpKind(n - 1) is OpCodeOperandKind.imm8 or OpCodeOperandKind.imm16;
                operand = second && n > 0 ? OpKind.Immediate8_2nd : OpKind.Immediate8;
                value = (byte)value;
                break;
            case OpCodeOperandKind.imm8_const_1:
                operand = OpKind.Immediate8;
                value = 1;
                break;
            case OpCodeOperandKind.imm8sex16:
                operand = OpKind.Immediate8to16;
                value = (ulong)(sbyte)value;
                break;
            case OpCodeOperandKind.imm8sex32:
                operand = OpKind.Immediate8to32;
                value = (ulong)(sbyte)value;
                break;
            case OpCodeOperandKind.imm8sex64:
                operand = OpKind.Immediate8to64;
                value = (ulong)(sbyte)value;
                break;
            case OpCodeOperandKind.imm16:
                operand = OpKind.Immediate16;
                value = (ushort)value;
                break;
            case OpCodeOperandKind.imm32:
                operand = OpKind.Immediate32;
                value = (uint)value;
                break;
            case OpCodeOperandKind.imm32sex64:
                operand = OpKind.Immediate32to64;
                value = (ulong)(int)value;
                break;
            case OpCodeOperandKind.imm64:
                operand = OpKind.Immediate64;
                break;
            default:
                return false;
        }

        i.SetOpKind(n, operand);
        i.SetImmediate(n, value);
        return true;
    }

    private static bool SetFixed(ref Instruction i, int n, OpCodeOperandKind kind)
    {
        Register register = kind switch
        {
            OpCodeOperandKind.es => Register.ES,
            OpCodeOperandKind.cs => Register.CS,
            OpCodeOperandKind.ss => Register.SS,
            OpCodeOperandKind.ds => Register.DS,
            OpCodeOperandKind.fs => Register.FS,
            OpCodeOperandKind.gs => Register.GS,
            OpCodeOperandKind.al => Register.AL,
            OpCodeOperandKind.cl => Register.CL,
            OpCodeOperandKind.ax => Register.AX,
            OpCodeOperandKind.dx => Register.DX,
            OpCodeOperandKind.eax => Register.EAX,
            OpCodeOperandKind.rax => Register.RAX,
            OpCodeOperandKind.st0 => Register.ST0,
            _ => Register.None,
        };
        if (register == Register.None)
        {
            return false;
        }

        i.SetOpKind(n, OpKind.Register);
        i.SetOpRegister(n, register);
        return true;
    }

    /// <summary>The first register of an operand's class, or none when the generator does not know it.</summary>
    private static Register RegisterKind(OpCodeOperandKind kind) => kind switch
    {
        OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r8_reg or OpCodeOperandKind.r8_opcode => Register.AL,
        OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r16_reg or OpCodeOperandKind.r16_rm or OpCodeOperandKind.r16_opcode => Register.AX,
        OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r32_reg or OpCodeOperandKind.r32_rm or OpCodeOperandKind.r32_opcode
            or OpCodeOperandKind.r32_vvvv => Register.EAX,
        OpCodeOperandKind.r64_or_mem or OpCodeOperandKind.r64_reg or OpCodeOperandKind.r64_rm or OpCodeOperandKind.r64_opcode
            or OpCodeOperandKind.r64_vvvv => Register.RAX,
        OpCodeOperandKind.seg_reg => Register.ES,
        OpCodeOperandKind.mm_or_mem or OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_rm => Register.MM0,
        OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.xmm_reg or OpCodeOperandKind.xmm_rm or OpCodeOperandKind.xmm_vvvv
            or OpCodeOperandKind.xmm_is4 => Register.XMM0,
        OpCodeOperandKind.ymm_or_mem or OpCodeOperandKind.ymm_reg or OpCodeOperandKind.ymm_rm or OpCodeOperandKind.ymm_vvvv
            or OpCodeOperandKind.ymm_is4 => Register.YMM0,
        OpCodeOperandKind.sti_opcode => Register.ST0,
        OpCodeOperandKind.cr_reg => Register.CR0,
        OpCodeOperandKind.dr_reg => Register.DR0,
        _ => Register.None,
    };

    private unsafe bool SetRegister(ref Instruction i, ref TestCase c, int n, Register first, ref int last)
    {
        if (first == Register.None)
        {
            return false;
        }

        int count = first switch
        {
            Register.AL => _bits == 64 ? Bytes.Length : 8,
            Register.ES => 6,
            Register.MM0 or Register.ST0 => 8,
            _ => _registers,
        };

        // The same register twice is worth testing, and random choice rarely makes it.
        int number = last >= 0 && last < count && _random.Next(4) == 0 ? last : _random.Next(count);
        if (_sequence && first is Register.AL or Register.AX or Register.EAX or Register.RAX)
        {
            byte[] allowed = _bits == 32 ? (first == Register.AL ? NarrowSequenceBytes : NarrowSequenceRegisters) : first == Register.AL ? SequenceBytes : SequenceRegisters;
            number = allowed[number % allowed.Length];
        }

        last = number;
        Register register = first == Register.AL ? Bytes[number] : first + number;
        i.SetOpKind(n, OpKind.Register);
        i.SetOpRegister(n, register);
        if (i.Code.FlowControl() is FlowControl.IndirectBranch or FlowControl.IndirectCall)
        {
            if (number == 4)
            {
                return false;
            }

            c.Gpr[number] = BranchTarget();
        }

        if (i.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc && n == 1 && i.Op0Kind == OpKind.Memory)
        {
            // The register is a signed distance in bits from the memory operand.
            ulong distance = (ulong)_random.Next(-500, 500);
            c.Gpr[number] = first == Register.RAX ? distance : first == Register.EAX ? (c.Gpr[number] & ~0xFFFF_FFFFUL) | (uint)distance
                : (c.Gpr[number] & ~0xFFFFUL) | (ushort)distance;
        }

        return true;
    }

    private sealed class BufferWriter : CodeWriter
    {
        public List<byte> Bytes { get; } = [];

        public override void WriteByte(byte value) => Bytes.Add(value);
    }
}
