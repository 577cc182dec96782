using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Shifts and rotates. A count of zero after masking changes no flag; OF, undefined for other counts than 1, is computed by the same formula for all of them, and AF is cleared.</summary>
internal static unsafe class Shifts
{
    private interface IDouble
    {
        static abstract ulong Apply(CpuState* s, ulong a, ulong b, int count, int bits);
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Shl, &Binary.Bind<Left>);
        table.Add(Mnemonic.Sal, &Binary.Bind<Left>);
        table.Add(Mnemonic.Shr, &Binary.Bind<Right>);
        table.Add(Mnemonic.Sar, &Binary.Bind<ArithmeticRight>);
        table.Add(Mnemonic.Rol, &Binary.Bind<RotateLeft>);
        table.Add(Mnemonic.Ror, &Binary.Bind<RotateRight>);
        table.Add(Mnemonic.Rcl, &Binary.Bind<CarryLeft>);
        table.Add(Mnemonic.Rcr, &Binary.Bind<CarryRight>);
        table.Add(Mnemonic.Shld, &BindDouble<DoubleLeft>);
        table.Add(Mnemonic.Shrd, &BindDouble<DoubleRight>);
    }

    private static bool BindDouble<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, IDouble
    {
        bool immediate = Operand.IsImmediate(i, 2);
        op->Fn = Operand.Size(i, 0) switch
        {
            2 => immediate ? ChooseDouble<TOp, ushort, Operand.Immediate>(op) : ChooseDouble<TOp, ushort, Operand.Third>(op),
            4 => immediate ? ChooseDouble<TOp, uint, Operand.Immediate>(op) : ChooseDouble<TOp, uint, Operand.Third>(op),
            _ => immediate ? ChooseDouble<TOp, ulong, Operand.Immediate>(op) : ChooseDouble<TOp, ulong, Operand.Third>(op),
        };
        return true;
    }

    private static delegate*<CpuState*, Op*, Op*> ChooseDouble<TOp, T, TCount>(Op* op)
        where TOp : struct, IDouble
        where T : unmanaged
        where TCount : struct, Operand.ISource
        => op->MemoryOperand == 0 ? &DoubleMemory<TOp, T, TCount> : &DoubleRegister<TOp, T, TCount>;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* DoubleRegister<TOp, T, TCount>(CpuState* s, Op* op)
        where TOp : struct, IDouble
        where T : unmanaged
        where TCount : struct, Operand.ISource
    {
        int count = (int)TCount.Get<byte>(s, op) & (sizeof(T) == 8 ? 63 : 31);
        ulong a = Operand.Read<T>(s, op->Dst);
        Operand.Write<T>(s, op->Dst, count == 0 ? a : TOp.Apply(s, a, Operand.Read<T>(s, op->Src), count, sizeof(T) * 8));
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* DoubleMemory<TOp, T, TCount>(CpuState* s, Op* op)
        where TOp : struct, IDouble
        where T : unmanaged
        where TCount : struct, Operand.ISource
    {
        T* p = Memory.Modify<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        int count = (int)TCount.Get<byte>(s, op) & (sizeof(T) == 8 ? 63 : 31);
        if (count != 0)
        {
            Operand.Set<T>(p, TOp.Apply(s, Operand.Get<T>(p), Operand.Read<T>(s, op->Src), count, sizeof(T) * 8));
        }

        Memory.Commit(s, p);
        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>Flags of a shift: SF, ZF, PF of the result, CF and OF as given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetAll(CpuState* s, ulong result, ulong carry, ulong overflow, int bits)
    {
        s->FlagResult = Flags.SignExtend(result, bits);
        s->FlagAux = (carry << 31) | ((carry ^ overflow) << 30);
    }

    /// <summary>Flags of a rotate: CF and OF, the others stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetCarry(CpuState* s, ulong carry, ulong overflow)
        => s->FlagAux = (s->FlagAux & ~0xC000_0000UL) | (carry << 31) | ((carry ^ overflow) << 30);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bit(ulong value, int bit) => (value >> bit) & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Mask(ulong count, int bits) => (int)count & (bits == 64 ? 63 : 31);

    /// <summary>SHL.</summary>
    private readonly struct Left : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            int count = Mask(b, bits);
            if (count == 0)
            {
                return a;
            }

            ulong result = a << count;
            ulong carry = bits == 64 ? Bit(a, 64 - count) : Bit(result, bits);
            SetAll(s, result, carry, Bit(result, bits - 1) ^ carry, bits);
            return result;
        }
    }

    /// <summary>SHR.</summary>
    private readonly struct Right : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            int count = Mask(b, bits);
            if (count == 0)
            {
                return a;
            }

            ulong result = a >> count;
            SetAll(s, result, Bit(a, count - 1), Bit(a, bits - 1), bits);
            return result;
        }
    }

    /// <summary>SAR.</summary>
    private readonly struct ArithmeticRight : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            int count = Mask(b, bits);
            if (count == 0)
            {
                return a;
            }

            long value = (long)Flags.SignExtend(a, bits);
            ulong result = (ulong)(value >> count);
            SetAll(s, result, (ulong)(value >> (count - 1)) & 1, 0, bits);
            return result;
        }
    }

    /// <summary>ROL.</summary>
    private readonly struct RotateLeft : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            if (Mask(b, bits) == 0)
            {
                return a;
            }

            int count = (int)b & (bits - 1);
            ulong result = count == 0 ? a : (a << count) | (a >> (bits - count));
            ulong carry = result & 1;
            SetCarry(s, carry, Bit(result, bits - 1) ^ carry);
            return result;
        }
    }

    /// <summary>ROR.</summary>
    private readonly struct RotateRight : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            if (Mask(b, bits) == 0)
            {
                return a;
            }

            int count = (int)b & (bits - 1);
            ulong result = count == 0 ? a : (a >> count) | (a << (bits - count));
            ulong carry = Bit(result, bits - 1);
            SetCarry(s, carry, Bit(result, bits - 2) ^ carry);
            return result;
        }
    }

    /// <summary>RCL: 8 and 16 bits rotate by the count modulo 9 and 17.</summary>
    private readonly struct CarryLeft : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            int count = Mask(b, bits) % (bits + 1);
            if (count == 0)
            {
                return a;
            }

            ulong result = (a << count) | (((s->FlagAux >> 31) & 1) << (count - 1)) | (count > 1 ? a >> (bits + 1 - count) : 0);
            ulong carry = Bit(a, bits - count);
            SetCarry(s, carry, Bit(result, bits - 1) ^ carry);
            return result;
        }
    }

    /// <summary>RCR.</summary>
    private readonly struct CarryRight : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            int count = Mask(b, bits) % (bits + 1);
            if (count == 0)
            {
                return a;
            }

            ulong result = (a >> count) | (((s->FlagAux >> 31) & 1) << (bits - count)) | (count > 1 ? a << (bits + 1 - count) : 0);
            SetCarry(s, Bit(a, count - 1), Bit(result, bits - 1) ^ Bit(result, bits - 2));
            return result;
        }
    }

    /// <summary>SHLD; with 16 bits and a count above 16 (undefined) the operand follows itself.</summary>
    private readonly struct DoubleLeft : IDouble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int count, int bits)
        {
            ulong result = bits switch
            {
                16 => (((a << 32) | (b << 16) | a) >> (32 - count)) & 0xFFFF,
                32 => (((a << 32) | b) << count) >> 32,
                _ => (a << count) | (b >> (64 - count)),
            };
            ulong carry = bits switch
            {
                16 => Bit((a << 32) | (b << 16) | a, 48 - count),
                _ => Bit(a, bits - count),
            };
            SetAll(s, result, carry, Bit(result ^ a, bits - 1), bits);
            return result;
        }
    }

    /// <summary>SHRD.</summary>
    private readonly struct DoubleRight : IDouble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int count, int bits)
        {
            ulong wide = bits switch
            {
                16 => (a << 32) | (b << 16) | a,
                32 => (b << 32) | a,
                _ => a,
            };
            ulong result = bits == 64 ? (a >> count) | (b << (64 - count)) : wide >> count;
            SetAll(s, result, Bit(wide, count - 1), Bit(result ^ a, bits - 1), bits);
            return result;
        }
    }
}
