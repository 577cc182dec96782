using System;
using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>MUL, IMUL, DIV, IDIV. Of a product SF and PF follow the low half, ZF too, and AF is clear (all undefined); a division leaves the flags as they are (undefined).</summary>
internal static unsafe class Multiplication
{
    private interface IAccumulator
    {
        /// <summary>Works on the accumulator; false is a divide error.</summary>
        static abstract bool Apply<T>(CpuState* s, ulong value)
            where T : unmanaged;
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Mul, &Bind<Unsigned>);
        table.Add(Mnemonic.Imul, &BindImul);
        table.Add(Mnemonic.Div, &Bind<Quotient>);
        table.Add(Mnemonic.Idiv, &Bind<SignedQuotient>);
    }

    private static bool BindImul(in Instruction i, Op* op, uint mode) => i.OpCount switch
    {
        1 => Bind<Signed>(i, op, mode),
        2 => Binary.Bind<Truncated>(i, op, mode),
        _ => Ternary.Bind<Truncated>(i, op, mode),
    };

    private static bool Bind<TOp>(in Instruction i, Op* op, uint mode)
        where TOp : struct, IAccumulator
    {
        bool memory = op->MemoryOperand == 0;
        op->Fn = Operand.Size(i, 0) switch
        {
            1 => memory ? &WithMemory<TOp, byte> : &WithRegister<TOp, byte>,
            2 => memory ? &WithMemory<TOp, ushort> : &WithRegister<TOp, ushort>,
            4 => memory ? &WithMemory<TOp, uint> : &WithRegister<TOp, uint>,
            _ => memory ? &WithMemory<TOp, ulong> : &WithRegister<TOp, ulong>,
        };
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* WithRegister<TOp, T>(CpuState* s, Op* op)
        where TOp : struct, IAccumulator
        where T : unmanaged
    {
        if (!TOp.Apply<T>(s, Operand.Read<T>(s, op->Dst)))
        {
            return Fault.Raise(s, op, Vector.DivideError);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* WithMemory<TOp, T>(CpuState* s, Op* op)
        where TOp : struct, IAccumulator
        where T : unmanaged
    {
        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        if (!TOp.Apply<T>(s, Operand.Get<T>(p)))
        {
            return Fault.Raise(s, op, Vector.DivideError);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetFlags(CpuState* s, ulong low, bool overflow, int bits)
    {
        // CF and OF are equal: bit 31 set with bit 30 clear is both.
        s->FlagResult = Flags.SignExtend(low, bits);
        s->FlagAux = overflow ? 0x8000_0000UL : 0;
    }

    // The two halves of a product need a local whose address is taken, which a handler must not have.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong HighUnsigned(ulong a, ulong b) => Math.BigMul(a, b, out _);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong HighSigned(ulong a, ulong b) => (ulong)Math.BigMul((long)a, (long)b, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves<T>(CpuState* s, ulong low, ulong high)
        where T : unmanaged
    {
        if (sizeof(T) == 1)
        {
            *(ushort*)s->Gpr = (ushort)((byte)low | (high << 8));
        }
        else
        {
            Operand.Write<T>(s, 0, low);
            Operand.Write<T>(s, 16, high);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool DivideWide(CpuState* s, ulong divisor)
    {
        ulong high = s->Gpr[2];
        if (high >= divisor)
        {
            return false;
        }

        UInt128 dividend = new(high, s->Gpr[0]);
        UInt128 quotient = dividend / divisor;
        s->Gpr[0] = (ulong)quotient;
        s->Gpr[2] = (ulong)(dividend - (quotient * divisor));
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool DivideWideSigned(CpuState* s, ulong divisor)
    {
        bool negativeDividend = (long)s->Gpr[2] < 0;
        bool negativeDivisor = (long)divisor < 0;
        UInt128 dividend = new(s->Gpr[2], s->Gpr[0]);
        if (negativeDividend)
        {
            dividend = UInt128.Zero - dividend;
        }

        ulong magnitude = negativeDivisor ? 0 - divisor : divisor;
        if (magnitude == 0)
        {
            return false;
        }

        UInt128 quotient = dividend / magnitude;
        bool negative = negativeDividend != negativeDivisor;
        if (quotient > (UInt128)(negative ? 1UL << 63 : (1UL << 63) - 1))
        {
            return false;
        }

        ulong remainder = (ulong)(dividend - (quotient * magnitude));
        s->Gpr[0] = negative ? 0 - (ulong)quotient : (ulong)quotient;
        s->Gpr[2] = negativeDividend ? 0 - remainder : remainder;
        return true;
    }

    private readonly struct Unsigned : IAccumulator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Apply<T>(CpuState* s, ulong value)
            where T : unmanaged
        {
            ulong a = Operand.Read<T>(s, 0);
            ulong low = a * value;
            ulong high = sizeof(T) == 8 ? HighUnsigned(a, value) : low >> (sizeof(T) * 8 & 63);
            StoreHalves<T>(s, low, high);
            SetFlags(s, low, high != 0, sizeof(T) * 8);
            return true;
        }
    }

    private readonly struct Signed : IAccumulator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Apply<T>(CpuState* s, ulong value)
            where T : unmanaged
        {
            ulong a = Flags.SignExtend(s->Gpr[0], sizeof(T) * 8);
            ulong b = Flags.SignExtend(value, sizeof(T) * 8);
            ulong low = a * b;
            ulong high = sizeof(T) == 8 ? HighSigned(a, b) : (ulong)((long)low >> (sizeof(T) * 8 & 63));
            StoreHalves<T>(s, low, high);
            SetFlags(s, low, high != (ulong)((long)Flags.SignExtend(low, sizeof(T) * 8) >> 63), sizeof(T) * 8);
            return true;
        }
    }

    /// <summary>IMUL with two or three operands: the low half of the product.</summary>
    private readonly struct Truncated : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong x = Flags.SignExtend(a, bits);
            ulong y = Flags.SignExtend(b, bits);
            ulong low = x * y;
            bool overflow = bits == 64 ? HighSigned(x, y) != (ulong)((long)low >> 63) : Flags.SignExtend(low, bits) != low;
            SetFlags(s, low, overflow, bits);
            return low;
        }
    }

    private readonly struct Quotient : IAccumulator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Apply<T>(CpuState* s, ulong value)
            where T : unmanaged
        {
            if (value == 0)
            {
                return false;
            }

            if (sizeof(T) == 8 && s->Gpr[2] != 0)
            {
                return DivideWide(s, value);
            }

            ulong dividend = sizeof(T) switch
            {
                1 => (ushort)s->Gpr[0],
                2 => ((ulong)(ushort)s->Gpr[2] << 16) | (ushort)s->Gpr[0],
                4 => (s->Gpr[2] << 32) | (uint)s->Gpr[0],
                _ => s->Gpr[0],
            };
            ulong quotient = dividend / value;
            if (sizeof(T) < 8 && quotient >> (sizeof(T) * 8 & 63) != 0)
            {
                return false;
            }

            StoreHalves<T>(s, quotient, dividend - (quotient * value));
            return true;
        }
    }

    private readonly struct SignedQuotient : IAccumulator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Apply<T>(CpuState* s, ulong value)
            where T : unmanaged
        {
            if (sizeof(T) == 8)
            {
                return DivideWideSigned(s, value);
            }

            long divisor = (long)Flags.SignExtend(value, sizeof(T) * 8);
            long dividend = sizeof(T) switch
            {
                1 => (short)s->Gpr[0],
                2 => (int)(((uint)s->Gpr[2] << 16) | (ushort)s->Gpr[0]),
                _ => (long)((s->Gpr[2] << 32) | (uint)s->Gpr[0]),
            };

            // The one quotient that the host cannot represent either would stop it.
            if (divisor == 0 || (divisor == -1 && dividend == long.MinValue))
            {
                return false;
            }

            long quotient = dividend / divisor;
            if ((long)Flags.SignExtend((ulong)quotient, sizeof(T) * 8) != quotient)
            {
                return false;
            }

            StoreHalves<T>(s, (ulong)quotient, (ulong)(dividend - (quotient * divisor)));
            return true;
        }
    }
}
