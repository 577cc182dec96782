using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Addition, subtraction, comparison and the logical operations.</summary>
internal static unsafe class Arithmetic
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Add, &Binary.Bind<Add>);
        table.Add(Mnemonic.Adc, &Binary.Bind<Adc>);
        table.Add(Mnemonic.Sub, &Binary.Bind<Sub>);
        table.Add(Mnemonic.Sbb, &Binary.Bind<Sbb>);
        table.Add(Mnemonic.Cmp, &Binary.Bind<Cmp>);
        table.Add(Mnemonic.And, &Binary.Bind<And>);
        table.Add(Mnemonic.Or, &Binary.Bind<Or>);
        table.Add(Mnemonic.Xor, &Binary.Bind<Xor>);
        table.Add(Mnemonic.Test, &Binary.Bind<Test>);
        table.Add(Mnemonic.Inc, &Unary.Bind<Inc>);
        table.Add(Mnemonic.Dec, &Unary.Bind<Dec>);
        table.Add(Mnemonic.Neg, &Unary.Bind<Neg>);
        table.Add(Mnemonic.Not, &Unary.Bind<Not>);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KeepCarry(CpuState* s, ulong oldAux)
    {
        // OF is bit 31 XOR bit 30, so both flip together.
        ulong difference = (oldAux ^ s->FlagAux) & 0x8000_0000;
        s->FlagAux ^= difference | (difference >> 1);
    }

    /// <summary>ADD.</summary>
    public readonly struct Add : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = a + b;
            Flags.Add(s, a, b, result, bits);
            return result;
        }
    }

    /// <summary>ADC.</summary>
    public readonly struct Adc : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = a + b + ((s->FlagAux >> 31) & 1);
            Flags.Add(s, a, b, result, bits);
            return result;
        }
    }

    /// <summary>SUB.</summary>
    public readonly struct Sub : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = a - b;
            Flags.Sub(s, a, b, result, bits);
            return result;
        }
    }

    /// <summary>SBB.</summary>
    public readonly struct Sbb : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = a - b - ((s->FlagAux >> 31) & 1);
            Flags.Sub(s, a, b, result, bits);
            return result;
        }
    }

    /// <summary>CMP.</summary>
    public readonly struct Cmp : Binary.IOperation
    {
        public static bool Writes => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = a - b;
            Flags.Sub(s, a, b, result, bits);
            return result;
        }
    }

    /// <summary>AND.</summary>
    public readonly struct And : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = a & b;
            Flags.Logic(s, result, bits);
            return result;
        }
    }

    /// <summary>OR.</summary>
    public readonly struct Or : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = a | b;
            Flags.Logic(s, result, bits);
            return result;
        }
    }

    /// <summary>XOR.</summary>
    public readonly struct Xor : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = a ^ b;
            Flags.Logic(s, result, bits);
            return result;
        }
    }

    /// <summary>TEST.</summary>
    public readonly struct Test : Binary.IOperation
    {
        public static bool Writes => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = a & b;
            Flags.Logic(s, result, bits);
            return result;
        }
    }

    /// <summary>INC: CF stays.</summary>
    public readonly struct Inc : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong old = s->FlagAux;
            ulong result = a + 1;
            Flags.Add(s, a, 1, result, bits);
            KeepCarry(s, old);
            return result;
        }
    }

    /// <summary>DEC: CF stays.</summary>
    public readonly struct Dec : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong old = s->FlagAux;
            ulong result = a - 1;
            Flags.Sub(s, a, 1, result, bits);
            KeepCarry(s, old);
            return result;
        }
    }

    /// <summary>NEG.</summary>
    public readonly struct Neg : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            ulong result = 0 - a;
            Flags.Sub(s, 0, a, result, bits);
            return result;
        }
    }

    /// <summary>NOT: no flags.</summary>
    public readonly struct Not : Binary.IOperation
    {
        public static bool Writes => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply(CpuState* s, ulong a, ulong b, int bits)
        {
            return ~a;
        }
    }
}
