using System;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <content>Memory operands: addressing forms, string pointers, the stack, and the values that their registers need.</content>
internal sealed partial class EncodingGenerator
{
    /// <summary>The linear address of a memory operand under a case's registers.</summary>
    /// <param name="c">The case.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="operand">Operand number.</param>
    public static unsafe ulong AddressOf(ref TestCase c, in Instruction instruction, int operand)
    {
        bool wide = c.Bits == 64;
        ulong[] gpr = new ulong[16];
        for (int n = 0; n < 16; n++)
        {
            gpr[n] = c.Gpr[n];
        }

        ulong address = instruction.GetVirtualAddress(operand, 0, (register, _, _) => register switch
        {
            >= Register.ES and <= Register.DS => 0,
            Register.FS => wide ? OracleLayout.FsBase : 0,
            Register.GS => wide ? OracleLayout.GsBase : 0,
            Register.AL => (byte)gpr[0],
            >= Register.EAX and <= Register.R15D => (uint)gpr[register.GetNumber()],
            >= Register.AX and <= Register.R15W => (ushort)gpr[register.GetNumber()],
            _ => gpr[register.GetNumber()],
        });
        return wide ? address : (uint)address;
    }

    private unsafe void SetStack(ref TestCase c)
    {
        for (int n = 4; n < 6; n++)
        {
            uint offset = (uint)_random.Next(2) == 0 ? 176u + (uint)_random.Next(256) : 512 + 176 + (uint)_random.Next(256);
            c.Gpr[n] = OracleLayout.MiddleWindow + (_random.Next(4) == 0 ? offset : offset & ~7u);
            if (_faults && _random.Next(24) == 0)
            {
                c.Gpr[n] = OracleLayout.DataBase + (_random.Next(2) == 0 ? (uint)_random.Next(8) : (uint)(OracleLayout.DataSize - _random.Next(16)));
            }
        }
    }

    private static OpKind StringKind(OpCodeOperandKind kind, int bits) => kind switch
    {
        OpCodeOperandKind.seg_rSI => bits == 64 ? OpKind.MemorySegRSI : OpKind.MemorySegESI,
        OpCodeOperandKind.es_rDI => bits == 64 ? OpKind.MemoryESRDI : OpKind.MemoryESEDI,
        _ => bits == 64 ? OpKind.MemorySegRDI : OpKind.MemorySegEDI,
    };

    private unsafe void SetXlat(ref TestCase c, Register @base)
    {
        ulong value = OracleLayout.MiddleWindow + (uint)_random.Next(OracleLayout.MiddleWindowSize) - (byte)c.Gpr[0];
        c.Gpr[3] = @base == Register.EBX && _bits == 64 ? value | (c.Gpr[3] << 32) : value;
    }

    /// <summary>Repeat prefix, small counts, and pointers such that the whole string stays in half a window; sometimes with 32-bit addresses.</summary>
    private unsafe void SetString(ref Instruction i, ref TestCase c)
    {
        int size = i.MemorySize.GetSize();
        int prefix = _random.Next(3);
        bool repeats = prefix != 0 && (prefix == 1 ? i.Code.ToOpCode().CanUseRepPrefix : i.Code.ToOpCode().CanUseRepnePrefix);
        i.HasRepPrefix = repeats && prefix == 1;
        i.HasRepnePrefix = repeats && prefix == 2;
        int count = _random.Next(4) == 0 ? 0 : _random.Next(1, 24);
        bool narrow = _bits == 64 && _random.Next(4) == 0;
        if (narrow)
        {
            for (int n = 0; n < i.OpCount; n++)
            {
                i.SetOpKind(n, i.GetOpKind(n) switch
                {
                    OpKind.MemorySegRSI => OpKind.MemorySegESI,
                    OpKind.MemoryESRDI => OpKind.MemoryESEDI,
                    OpKind k => k,
                });
            }
        }

        ulong high = narrow ? c.Gpr[0] << 32 : 0;
        if (repeats)
        {
            c.Gpr[1] = high | (uint)count;
        }

        bool backward = (c.Flags & State.Flags.Df) != 0;
        c.Gpr[6] = high | StringPointer(size, count, backward);
        c.Gpr[7] = _random.Next(3) == 0 ? c.Gpr[6] + (ulong)(long)(_random.Next(-4, 5) * (_random.Next(2) == 0 ? size : 1)) : high | StringPointer(size, count, backward);
        if (_bits == 64 && _random.Next(8) == 0)
        {
            i.SegmentPrefix = _random.Next(2) == 0 ? Register.FS : Register.GS;
            c.Gpr[6] -= i.SegmentPrefix == Register.FS ? OracleLayout.FsBase : OracleLayout.GsBase;
            if (narrow)
            {
                c.Gpr[6] = high | (uint)c.Gpr[6];
            }
        }

        if (i.Mnemonic is Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsd or Mnemonic.Cmpsq or Mnemonic.Scasb or Mnemonic.Scasw or Mnemonic.Scasd or Mnemonic.Scasq
            && _random.Next(2) == 0)
        {
            // Long runs of equal elements.
            System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref c.Middle[0], OracleLayout.MiddleWindowSize).Fill((byte)c.Gpr[0]);
            c.Gpr[0] = (byte)c.Gpr[0] * 0x0101_0101_0101_0101UL;
            c.Middle[_random.Next(OracleLayout.MiddleWindowSize)] ^= 0x11;
        }
    }

    private uint StringPointer(int size, int count, bool backward)
    {
        int length = (Math.Max(count, 1) * size) + 40;
        int offset = _random.Next(20, Math.Max(21, 512 - length));
        if (backward)
        {
            offset += (Math.Max(count, 1) - 1) * size;
        }

        return OracleLayout.MiddleWindow + (uint)((_random.Next(2) * 512) + Math.Min(offset, 512 - 20 - size));
    }

    private unsafe bool SetMemory(ref Instruction i, ref TestCase c, OpCodeInfo info, int n)
    {
        int size = Math.Max(info.MemorySize.GetSize(), 1);
        ulong target = Target(size);
        i.SetOpKind(n, OpKind.Memory);
        if (info.GetOpKind(n) == OpCodeOperandKind.mem_offs)
        {
            i.MemoryDisplSize = _bits == 64 ? 8 : 4;
            i.MemoryDisplacement64 = target;
            return true;
        }

        if (_sequence)
        {
            SequenceAddress(ref i);
            return true;
        }

        int addressBits = _bits == 64 && (target > uint.MaxValue || _random.Next(8) != 0) ? 64 : 32;
        if (_bits == 64 && _random.Next(8) == 0)
        {
            i.SegmentPrefix = _random.Next(2) == 0 ? Register.FS : Register.GS;
            target -= i.SegmentPrefix == Register.FS ? OracleLayout.FsBase : OracleLayout.GsBase;
            if (addressBits == 32 && target > uint.MaxValue)
            {
                addressBits = 64;
            }
        }

        if (info.Mnemonic == Mnemonic.Lea && _bits == 32 && _random.Next(4) == 0)
        {
            i.MemoryBase = _random.Next(2) == 0 ? Register.BX : Register.BP;
            i.MemoryIndex = _random.Next(2) == 0 ? Register.SI : Register.DI;
            i.MemoryDisplSize = 2;
            i.MemoryDisplacement64 = (ushort)_random.Next(0x10000);
            return true;
        }

        Address(ref i, ref c, target, addressBits, info.IsStackInstruction);
        return true;
    }

    private ulong Target(int size)
    {
        if (_faults && _random.Next(24) == 0)
        {
            return _random.Next(4) switch
            {
                0 => OracleLayout.DataBase + OracleLayout.DataSize + (uint)_random.Next(0x800),
                1 => OracleLayout.DataBase - (uint)_random.Next(1, size + 1),
                2 when _bits == 64 => 0x8000_0000_0000UL << _random.Next(15),
                _ => OracleLayout.DataBase + OracleLayout.DataSize - (uint)_random.Next(size),
            };
        }

        uint offset = _random.Next(3) switch
        {
            0 => OracleLayout.MiddleWindow - OracleLayout.DataBase,
            1 => 0x1000,
            _ => OracleLayout.EndWindow - OracleLayout.DataBase,
        };
        int room = (offset >= 0x1F00 ? 0x100 : 0x200) - size;
        offset += (uint)_random.Next(Math.Max(room, 0) + 1);
        if (size >= 16 && _random.Next(8) != 0)
        {
            offset &= ~(uint)(Math.Min(size, 64) - 1);
        }

        if (size >= 128)
        {
            offset = 0x1000;
        }
        else if (size > 1 && size <= 64 && _random.Next(16) == 0)
        {
            // Across the boundary of the two pages.
            offset = 0x1000 - (uint)_random.Next(1, size);
        }

        return OracleLayout.DataBase + offset;
    }

    /// <summary>Chooses an addressing form for a target offset and gives its registers the values that reach it.</summary>
    private unsafe void Address(ref Instruction i, ref TestCase c, ulong target, int addressBits, bool usesStack)
    {
        Register first = addressBits == 64 ? Register.RAX : Register.EAX;
        ulong mask = addressBits == 64 ? ulong.MaxValue : uint.MaxValue;
        int displacement = _random.Next(3) switch { 0 => 0, 1 => _random.Next(-128, 128), _ => _random.Next(int.MinValue, int.MaxValue) };
        i.MemoryDisplSize = displacement == 0 ? 0 : displacement is >= -128 and < 128 ? 1 : addressBits / 8;
        i.MemoryDisplacement64 = (ulong)displacement & mask;
        int @base = _random.Next(_registers);
        int index = _random.Next(_registers);
        int scale = _random.Next(4);
        int form = _random.Next(10);
        if (usesStack && @base == 4)
        {
            // RSP has its value already.
            form = 0;
            displacement = _random.Next(-64, 64);
            i.MemoryDisplSize = 1;
            i.MemoryDisplacement64 = (ulong)displacement & mask;
            i.MemoryBase = first + 4;
            return;
        }

        switch (form)
        {
            case 0 when _bits == 64 && i.SegmentPrefix == Register.None && target <= int.MaxValue:
                i.MemoryBase = addressBits == 64 ? Register.RIP : Register.EIP;
                i.MemoryDisplSize = addressBits / 8;
                i.MemoryDisplacement64 = target;
                return;
            case 1 when target <= int.MaxValue:
                i.MemoryDisplSize = addressBits / 8;
                i.MemoryDisplacement64 = target;
                return;
            case 2 when index != 4:
                i.MemoryIndex = first + index;
                i.MemoryIndexScale = 1 << scale;
                displacement += (int)((target - (ulong)displacement) & ((1u << scale) - 1));
                i.MemoryDisplSize = addressBits / 8;
                i.MemoryDisplacement64 = (ulong)displacement & mask;
                SetAddress(ref c, index, ((target - (ulong)displacement) & mask) >> scale, addressBits);
                return;
            case <= 6 when index != 4 && index != @base:
                i.MemoryBase = first + @base;
                i.MemoryIndex = first + index;
                i.MemoryIndexScale = 1 << scale;
                SetAddress(ref c, @base, (target - (ulong)displacement - (c.Gpr[index] << scale)) & mask, addressBits);
                return;
            default:
                i.MemoryBase = first + @base;
                SetAddress(ref c, @base, (target - (ulong)displacement) & mask, addressBits);
                return;
        }
    }

    /// <summary>A base in the middle of the first window and indexes that stay in it, now and then one that leads to what is not mapped.</summary>
    private unsafe void SetElementAddresses(ref Instruction i, ref TestCase c, int operand, OpCodeOperandKind kind)
    {
        bool wide = kind is OpCodeOperandKind.mem_vsib64x or OpCodeOperandKind.mem_vsib64y;
        int index = _random.Next(_registers);
        int @base = _random.Next(_registers);
        int scale = _random.Next(4);
        bool narrow = _bits == 32 || _random.Next(6) == 0;
        i.SetOpKind(operand, OpKind.Memory);
        i.MemoryIndex = (kind is OpCodeOperandKind.mem_vsib32x or OpCodeOperandKind.mem_vsib64x ? Register.XMM0 : Register.YMM0) + index;
        i.MemoryIndexScale = 1 << scale;
        int displacement = _random.Next(2) == 0 ? 0 : _random.Next(-1000, 1000);
        i.MemoryDisplacement64 = narrow ? (uint)displacement : (ulong)displacement;
        i.MemoryDisplSize = displacement == 0 ? 0 : narrow ? 4 : 8;
        i.MemoryBase = (narrow ? Register.EAX : Register.RAX) + @base;
        ulong address = OracleLayout.MiddleWindow + 0x200 + (ulong)_random.Next(-100, 100) - (ulong)displacement;
        SetAddress(ref c, @base, narrow ? (uint)address : address, narrow ? 32 : 64);
        for (int n = 0; n < 8; n++)
        {
            Span<byte> element = (n < 4 ? TestCase.Xmm(ref c, index) : TestCase.High(ref c, index)).Slice(n % 4 * 4, 4);
            int value = _faults && _random.Next(40) == 0 ? 0x1400 >> scale : _random.Next(-32, 32);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(element, wide && n % 2 == 1 ? 0 : wide ? Math.Abs(value) : value);
        }
    }

    /// <summary>One of the pointers of a sequence with a small displacement, now and then with its index register.</summary>
    private void SequenceAddress(ref Instruction i)
    {
        i.MemoryBase = _random.Next(3) == 0 ? SequenceGenerator.MiddlePointer(_bits) : SequenceGenerator.AlignedPointer(_bits);
        int displacement = i.MemoryBase == SequenceGenerator.AlignedPointer(_bits) ? 16 * _random.Next(-6, 7) : _random.Next(-100, 100);
        if (_random.Next(4) == 0)
        {
            i.MemoryIndex = SequenceGenerator.IndexRegister(_bits);
            i.MemoryIndexScale = 1 << _random.Next(4);
        }

        i.MemoryDisplacement64 = _bits == 64 ? (ulong)displacement : (uint)displacement;
        i.MemoryDisplSize = displacement == 0 ? 0 : 1;
    }

    private unsafe void SetAddress(ref TestCase c, int register, ulong value, int addressBits)
        => c.Gpr[register] = addressBits == 32 && _bits == 64 && _random.Next(2) == 0 ? value | (c.Gpr[register] << 32) : value;
}
