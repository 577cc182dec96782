using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Bit searches and counts, BMI1, BMI2, ADX and CRC32. Undefined flags: BSF and BSR set SF and PF from the source and clear the rest; the others clear what is undefined or derive it from the result.</summary>
internal static unsafe class BitManipulation
{
    private interface IScan
    {
        /// <summary>Number of the bit found in a value that is not zero.</summary>
        static abstract int Find(ulong value);
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Bsf, &BindScan<Forward>);
        table.Add(Mnemonic.Bsr, &BindScan<Reverse>);
        table.Add(Mnemonic.Tzcnt, &Binary.Bind<TrailingZeros>);
        table.Add(Mnemonic.Lzcnt, &Binary.Bind<LeadingZeros>);
        table.Add(Mnemonic.Popcnt, &Binary.Bind<Population>);
        table.Add(Mnemonic.Adcx, &Binary.Bind<AddCarry>);
        table.Add(Mnemonic.Adox, &Binary.Bind<AddOverflow>);
        table.Add(Mnemonic.Blsi, &Binary.Bind<IsolateLowest>);
        table.Add(Mnemonic.Blsmsk, &Binary.Bind<MaskToLowest>);
        table.Add(Mnemonic.Blsr, &Binary.Bind<ResetLowest>);
        table.Add(Mnemonic.Andn, &Ternary.Bind<AndNot>);
        table.Add(Mnemonic.Bextr, &Ternary.Bind<Extract>);
        table.Add(Mnemonic.Bzhi, &Ternary.Bind<ZeroHigh>);
        table.Add(Mnemonic.Pdep, &Ternary.Bind<Deposit>);
        table.Add(Mnemonic.Pext, &Ternary.Bind<Gather>);
        table.Add(Mnemonic.Rorx, &Ternary.Bind<RotateRight>);
        table.Add(Mnemonic.Sarx, &Ternary.Bind<ArithmeticRight>);
        table.Add(Mnemonic.Shlx, &Ternary.Bind<Left>);
        table.Add(Mnemonic.Shrx, &Ternary.Bind<Right>);
        table.Add(Mnemonic.Mulx, &BindMulx);
        table.Add(Mnemonic.Crc32, &BindCrc32);
    }

    private static bool BindScan<TScan>(in Instruction i, Op* op, uint mode)
        where TScan : struct, IScan
    {
        bool memory = op->MemoryOperand == 1;
        op->Fn = i.GetOpRegister(0).GetSize() switch
        {
            2 => memory ? &ScanMemory<TScan, ushort> : &ScanRegister<TScan, ushort>,
            4 => memory ? &ScanMemory<TScan, uint> : &ScanRegister<TScan, uint>,
            _ => memory ? &ScanMemory<TScan, ulong> : &ScanRegister<TScan, ulong>,
        };
        return true;
    }

    private static bool BindMulx(in Instruction i, Op* op, uint mode)
    {
        bool memory = op->MemoryOperand == 2;
        op->Fn = i.GetOpRegister(0).GetSize() == 4
            ? memory ? &MulxMemory<uint> : &MulxRegister<uint>
            : memory ? &MulxMemory<ulong> : &MulxRegister<ulong>;
        return true;
    }

    private static bool BindCrc32(in Instruction i, Op* op, uint mode)
    {
        bool memory = op->MemoryOperand == 1;
        op->Fn = Operand.Size(i, 1) switch
        {
            1 => memory ? &Crc32Memory<byte> : &Crc32Register<byte>,
            2 => memory ? &Crc32Memory<ushort> : &Crc32Register<ushort>,
            4 => memory ? &Crc32Memory<uint> : &Crc32Register<uint>,
            _ => memory ? &Crc32Memory<ulong> : &Crc32Register<ulong>,
        };
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ScanRegister<TScan, T>(CpuState* s, Op* op)
        where TScan : struct, IScan
        where T : unmanaged
    {
        Scan<TScan, T>(s, op, Operand.Read<T>(s, op->Src));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ScanMemory<TScan, T>(CpuState* s, Op* op)
        where TScan : struct, IScan
        where T : unmanaged
    {
        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Scan<TScan, T>(s, op, Operand.Get<T>(p));
        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>A source of zero leaves all 64 bits of the destination as they are (SDM vol. 2, BSF, footnote: the behaviour of present processors).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scan<TScan, T>(CpuState* s, Op* op, ulong value)
        where TScan : struct, IScan
        where T : unmanaged
    {
        s->FlagResult = Flags.SignExtend(value, sizeof(T) * 8);
        s->FlagAux = 0;
        if (value != 0)
        {
            Operand.Write<T>(s, op->Dst, (ulong)TScan.Find(value));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MulxRegister<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        Multiply<T>(s, op, Operand.Read<T>(s, op->Src2));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MulxMemory<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        Multiply<T>(s, op, Operand.Get<T>(p));
        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>Operand 0 gets the high half, operand 1 the low half; when they are one register the high half stays.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Multiply<T>(CpuState* s, Op* op, ulong value)
        where T : unmanaged
    {
        ulong high = Math.BigMul(Operand.Read<T>(s, 16), value, out ulong low);
        Operand.Write<T>(s, op->Src, low);
        Operand.Write<T>(s, op->Dst, sizeof(T) == 4 ? low >> 32 : high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Crc32Register<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        *(ulong*)((byte*)s + op->Dst) = Crc<T>(*(uint*)((byte*)s + op->Dst), Operand.Read<T>(s, op->Src));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Crc32Memory<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        *(ulong*)((byte*)s + op->Dst) = Crc<T>(*(uint*)((byte*)s + op->Dst), Operand.Get<T>(p));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Crc<T>(uint crc, ulong value)
        where T : unmanaged
        => sizeof(T) switch
        {
            1 => BitOperations.Crc32C(crc, (byte)value),
            2 => BitOperations.Crc32C(crc, (ushort)value),
            4 => BitOperations.Crc32C(crc, (uint)value),
            _ => BitOperations.Crc32C(crc, value),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetFlags(CpuState* s, ulong result, bool carry, int bits)
    {
        // Bits 31 and 30 together are CF without OF.
        s->FlagResult = Flags.SignExtend(result, bits);
        s->FlagAux = carry ? 0xC000_0000UL : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong SoftDeposit(ulong value, ulong mask)
    {
        ulong result = 0;
        for (ulong bit = 1; mask != 0; bit <<= 1)
        {
            if ((value & bit) != 0)
            {
                result |= mask & (0 - mask);
            }

            mask &= mask - 1;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong SoftGather(ulong value, ulong mask)
    {
        ulong result = 0;
        for (ulong bit = 1; mask != 0; bit <<= 1)
        {
            if ((value & mask & (0 - mask)) != 0)
            {
                result |= bit;
            }

            mask &= mask - 1;
        }

        return result;
    }

    /// <summary>BSF.</summary>
    private readonly struct Forward : IScan
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Find(ulong value) => BitOperations.TrailingZeroCount(value);
    }

    /// <summary>BSR.</summary>
    private readonly struct Reverse : IScan
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Find(ulong value) => BitOperations.Log2(value);
    }

    /// <summary>TZCNT.</summary>
    private readonly struct TrailingZeros : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = b == 0 ? (ulong)bits : (ulong)BitOperations.TrailingZeroCount(b);
            SetFlags(s, result, b == 0, bits);
            return result;
        }
    }

    /// <summary>LZCNT.</summary>
    private readonly struct LeadingZeros : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = (ulong)(BitOperations.LeadingZeroCount(b) - (64 - bits));
            SetFlags(s, result, b == 0, bits);
            return result;
        }
    }

    /// <summary>POPCNT: ZF, and all others clear.</summary>
    private readonly struct Population : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            Flags.SetStatus(s, b == 0 ? Flags.Zf : 0);
            return (ulong)BitOperations.PopCount(b);
        }
    }

    /// <summary>ADCX: an addition through CF alone.</summary>
    private readonly struct AddCarry : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong carry = (s->FlagAux >> 31) & 1;
            ulong result = a + b + carry;
            ulong carries = (a & b) | ((a | b) & ~result);
            ulong difference = (((carries >> (bits - 1)) & 1) ^ carry) << 31;
            s->FlagAux ^= difference | (difference >> 1);
            return result;
        }
    }

    /// <summary>ADOX: an addition through OF alone.</summary>
    private readonly struct AddOverflow : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong carry = ((s->FlagAux >> 31) ^ (s->FlagAux >> 30)) & 1;
            ulong result = a + b + carry;
            ulong carries = (a & b) | ((a | b) & ~result);

            // OF is bit 31 XOR bit 30, so bit 30 alone changes it.
            s->FlagAux ^= (((carries >> (bits - 1)) & 1) ^ carry) << 30;
            return result;
        }
    }

    /// <summary>BLSI.</summary>
    private readonly struct IsolateLowest : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = b & (0 - b);
            SetFlags(s, result, b != 0, bits);
            return result;
        }
    }

    /// <summary>BLSMSK.</summary>
    private readonly struct MaskToLowest : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = b ^ (b - 1);
            SetFlags(s, result, b == 0, bits);
            return result;
        }
    }

    /// <summary>BLSR.</summary>
    private readonly struct ResetLowest : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = b & (b - 1);
            SetFlags(s, result, b == 0, bits);
            return result;
        }
    }

    /// <summary>ANDN.</summary>
    private readonly struct AndNot : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = ~a & b;
            Flags.Logic(s, result, bits);
            return result;
        }
    }

    /// <summary>BEXTR: start and length in the low bytes of operand 2.</summary>
    private readonly struct Extract : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            int start = (byte)b;
            int length = (byte)(b >> 8);
            ulong result = start >= bits ? 0 : a >> start;
            result = length >= bits ? result : result & ((1UL << length) - 1);
            Flags.Logic(s, result, bits);
            return result;
        }
    }

    /// <summary>BZHI.</summary>
    private readonly struct ZeroHigh : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            int count = (byte)b;
            ulong result = count >= bits ? a : a & ((1UL << count) - 1);
            SetFlags(s, result, count >= bits, bits);
            return result;
        }
    }

    /// <summary>PDEP.</summary>
    private readonly struct Deposit : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            return Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitDeposit(a, b) : SoftDeposit(a, b);
        }
    }

    /// <summary>PEXT.</summary>
    private readonly struct Gather : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            return Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitExtract(a, b) : SoftGather(a, b);
        }
    }

    /// <summary>RORX.</summary>
    private readonly struct RotateRight : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            return bits == 64 ? BitOperations.RotateRight(a, (int)b) : BitOperations.RotateRight((uint)a, (int)b);
        }
    }

    /// <summary>SARX.</summary>
    private readonly struct ArithmeticRight : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            return (ulong)((long)Flags.SignExtend(a, bits) >> ((int)b & (bits - 1)));
        }
    }

    /// <summary>SHLX.</summary>
    private readonly struct Left : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            return a << ((int)b & (bits - 1));
        }
    }

    /// <summary>SHRX.</summary>
    private readonly struct Right : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            return a >> ((int)b & (bits - 1));
        }
    }
}
