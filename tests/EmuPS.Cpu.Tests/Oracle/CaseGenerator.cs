using System;
using System.Buffers.Binary;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Makes cases for an Iced code: an encoding with random operands, and registers and memory with interesting values such that memory operands lie in the windows.</summary>
internal sealed class CaseGenerator
{
    private const int Attempts = 60;
    private readonly Random _random;
    private readonly ComparisonOptions _options;
    private readonly EncodingGenerator _encodings;

    /// <summary>Makes a generator.</summary>
    /// <param name="random">Source of randomness.</param>
    /// <param name="options">What to generate.</param>
    public CaseGenerator(Random random, ComparisonOptions options)
    {
        _random = random;
        _options = options;
        _encodings = new EncodingGenerator(random, options);
    }

    /// <summary>Makes one case.</summary>
    /// <param name="code">The code.</param>
    /// <param name="testCase">Gets the case.</param>
    /// <param name="instruction">Gets the instruction as decoded from the case's bytes.</param>
    /// <returns>False when no case could be made: the code does not exist in this mode, or has operands that the generator does not know.</returns>
    public bool TryGenerate(Code code, ref TestCase testCase, out Instruction instruction)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            FillState(code, ref testCase);
            if (_encodings.TryMake(code, ref testCase, out instruction) && Place(ref testCase, instruction))
            {
                _options.Adjust?.Invoke(_random, instruction, ref testCase);
                if (_options.Bits == 32)
                {
                    CutTo32(ref testCase);
                }

                return true;
            }
        }

        instruction = default;
        return false;
    }

    /// <summary>On the page before the data, on the page behind it, or not canonical.</summary>
    private bool IsUnmapped(ulong address)
        => address - (OracleLayout.DataBase - 0x1000) < 0x1000 || address - (OracleLayout.DataBase + OracleLayout.DataSize) < 0x1000
        || (_options.Bits == 64 && address != Canonical(address));

    private static ulong Canonical(ulong address) => (ulong)((long)(address << 16) >> 16);

    private static unsafe void CutTo32(ref TestCase testCase)
    {
        for (int n = 0; n < 16; n++)
        {
            testCase.Gpr[n] = n < 8 ? (uint)testCase.Gpr[n] : 0;
        }
    }

    /// <summary>Fills registers, vectors, floating-point state and memory with interesting values.</summary>
    /// <param name="code">The code they shall interest.</param>
    /// <param name="c">Gets everything but code.</param>
    public unsafe void FillState(Code code, ref TestCase c)
    {
        OpCodeInfo info = code.ToOpCode();
        c = default;
        c.Bits = _options.Bits;
        for (int n = 0; n < 16; n++)
        {
            c.Gpr[n] = OperandValues.Integer(_random);
        }

        c.Gpr[4] = Canonical(c.Gpr[4]);

        // A shift count or a dividend's upper half that lets the instruction do something now and then.
        if (_random.Next(2) == 0)
        {
            c.Gpr[1] = (c.Gpr[1] & ~0xFFUL) | (uint)_random.Next(72);
        }

        if (_random.Next(2) == 0)
        {
            c.Gpr[2] = (ulong)_random.Next(-1, 2);
        }

        c.Flags = (uint)_random.Next(0x1000) & (uint)State.Flags.Status;
        c.Flags |= _random.Next(4) == 0 ? State.Flags.Df : 0;
        OperandValues.Kind kind = _options.VectorValues ?? VectorKind(info.MemorySize);
        Span<byte> vectors = stackalloc byte[256];
        for (int n = 0; n < 16; n++)
        {
            OperandValues.Fill(_random, kind, TestCase.Xmm(ref c, n));
            OperandValues.Fill(_random, kind, TestCase.High(ref c, n));
        }

        FillMemory(kind, info.MemorySize, ref c);
        FillX87(ref c);
        c.Mxcsr = _options.RandomMxcsr ? RandomMxcsr() : 0x1F80;
    }

    private OperandValues.Kind VectorKind(MemorySize size)
    {
        if (size.GetElementType() is MemorySize.Float32 && _random.Next(8) != 0)
        {
            return OperandValues.Kind.Single;
        }

        if (size.GetElementType() is MemorySize.Float64 && _random.Next(8) != 0)
        {
            return OperandValues.Kind.Double;
        }

        return (OperandValues.Kind)_random.Next(4);
    }

    private unsafe void FillMemory(OperandValues.Kind kind, MemorySize size, ref TestCase c)
    {
        Span<byte> middle = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref c.Middle[0], OracleLayout.MiddleWindowSize);
        OperandValues.Fill(_random, kind, middle);
        OperandValues.Fill(_random, kind, System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref c.End[0], OracleLayout.EndWindowSize));
    }

    private void FillX87(ref TestCase c)
    {
        c.Fcw = 0x37F;
        if (_options.RandomControlWord)
        {
            int precision = _random.Next(3) switch { 0 => 0, 1 => 0x200, _ => 0x300 };
            c.Fcw = (ushort)(0x40 | (_random.Next(4) << 10) | precision | (_options.UnmaskedExceptions && _random.Next(4) == 0 ? _random.Next(0x40) : 0x3F));
        }

        c.Ftw = 0xFF;
        if (_options.RandomX87Stack)
        {
            c.Ftw = _random.Next(3) switch { 0 => (byte)_random.Next(256), 1 => 0, _ => 0xFF };
            if (_random.Next(2) == 0)
            {
                // Most instructions want two operands or room for one.
                c.Ftw = 0x3C;
            }

            c.Fsw = (ushort)(_random.Next(0x10000) & 0x7F7F & ~0x3F);
            int flags = _random.Next(3) == 0 ? _random.Next(0x80) : 0;
            bool pending = _options.PendingX87Exceptions && _random.Next(8) == 0;
            c.Fsw &= 0x7F00;
            c.Fsw |= (ushort)(pending ? flags : flags & (c.Fcw | 0x40));
            if ((c.Fsw & ~c.Fcw & 0x3F) != 0)
            {
                c.Fsw |= 0x8080;
            }
        }

        for (int n = 0; n < 8; n++)
        {
            OperandValues.Extended(_random, TestCase.St(ref c, n));
        }
    }

    private uint RandomMxcsr()
    {
        uint value = (uint)_random.Next(4) << 13;
        value |= _random.Next(3) == 0 ? (uint)_random.Next(2) << 15 : 0;
        value |= _random.Next(3) == 0 ? (uint)_random.Next(2) << 6 : 0;
        value |= _random.Next(2) == 0 ? (uint)_random.Next(0x40) : 0;
        return value | (_options.UnmaskedExceptions && _random.Next(4) == 0 ? (uint)_random.Next(0x40) << 7 : 0x1F80);
    }

    /// <summary>Checks that everything the instruction touches lies in the windows, and gives memory operands and branch targets useful contents.</summary>
    private unsafe bool Place(ref TestCase c, in Instruction instruction)
    {
        // Not every kernel returns from a signal with a stack pointer that is not canonical.
        if (_options.Bits == 64 && c.Gpr[4] != Canonical(c.Gpr[4]))
        {
            return false;
        }

        for (int n = 0; n < instruction.OpCount; n++)
        {
            if (instruction.GetOpKind(n) == OpKind.Memory && !PlaceOperand(ref c, instruction, n))
            {
                return false;
            }
        }

        if (instruction.IsStackInstruction)
        {
            if (!IsStackAllowed(c.Gpr[4]) || !IsStackAllowed(c.Gpr[5]))
            {
                return false;
            }

            if (instruction.FlowControl == FlowControl.Return && TestCase.MemoryAt(ref c, c.Gpr[4], 8) is { IsEmpty: false } address)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(address, _encodings.BranchTarget());
            }
        }

        return true;
    }

    private bool IsStackAllowed(ulong pointer)
        => IsAllowed(pointer - 160, 240) || (_options.MemoryFaults && pointer - OracleLayout.DataBase is < 8 or (> 0x1F90 and < 0x2010));

    private unsafe bool PlaceOperand(ref TestCase c, in Instruction instruction, int operand)
    {
        if (instruction.IsVsib || instruction.Mnemonic is Mnemonic.Lea || instruction.MemorySize.GetSize() == 0 && instruction.Mnemonic is not Mnemonic.Xlatb)
        {
            return true;
        }

        ulong address = EncodingGenerator.AddressOf(ref c, instruction, operand);
        int size = Math.Max(instruction.MemorySize.GetSize(), 1);
        if (instruction.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc && instruction.Op1Kind == OpKind.Register)
        {
            int number = instruction.Op1Register.GetNumber();
            long bit = size switch { 2 => (short)c.Gpr[number], 4 => (int)c.Gpr[number], _ => (long)c.Gpr[number] };
            address += (ulong)((bit >> (size == 2 ? 4 : size == 4 ? 5 : 6)) * size);
            if (_options.Bits == 32)
            {
                address = (uint)address;
            }
        }

        if (!IsAllowed(address, size))
        {
            return false;
        }

        if (TestCase.MemoryAt(ref c, address, size).IsEmpty)
        {
            return true;
        }

        if (size <= 8 && _random.Next(2) == 0 && instruction.MemorySize.GetElementType() is not (MemorySize.Float32 or MemorySize.Float64))
        {
            Span<byte> value = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(value, OperandValues.Integer(_random));
            value[..size].CopyTo(TestCase.MemoryAt(ref c, address, size));
        }

        if (instruction.MemorySize is MemorySize.Float80)
        {
            OperandValues.Extended(_random, TestCase.MemoryAt(ref c, address, 10));
        }

        if (instruction.FlowControl is FlowControl.IndirectBranch or FlowControl.IndirectCall && size <= 8)
        {
            Span<byte> value = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(value, _encodings.BranchTarget());
            value[..size].CopyTo(TestCase.MemoryAt(ref c, address, size));
        }

        return true;
    }

    /// <summary>Whether an access touches nothing but the windows and, where faults are wanted, what is not mapped.</summary>
    private bool IsAllowed(ulong address, int size)
    {
        if (_options.MemoryFaults && IsUnmapped(address))
        {
            return true;
        }

        if (address - OracleLayout.EndWindow < OracleLayout.EndWindowSize)
        {
            return _options.MemoryFaults || address + (uint)size <= OracleLayout.EndWindow + OracleLayout.EndWindowSize;
        }

        const ulong Boundary = OracleLayout.DataBase + 0x1000;
        return size <= OracleLayout.MiddleWindowSize && address - OracleLayout.MiddleWindow <= (ulong)(OracleLayout.MiddleWindowSize - size)
            && (_options.PageCrossing || address >= Boundary || address + (uint)size <= Boundary);
    }
}
