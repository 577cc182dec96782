using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Decoding;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Vector integer addition, subtraction, averages, bounds, absolute values, signs and horizontal sums.</summary>
internal static unsafe class PackedArithmetic
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Paddb, &Packed.Bind<Add<byte>>);
        table.Add(Mnemonic.Paddw, &Packed.Bind<Add<ushort>>);
        table.Add(Mnemonic.Paddd, &Packed.Bind<Add<uint>>);
        table.Add(Mnemonic.Paddq, &Packed.Bind<Add<ulong>>);
        table.Add(Mnemonic.Psubb, &Packed.Bind<Subtract<byte>>);
        table.Add(Mnemonic.Psubw, &Packed.Bind<Subtract<ushort>>);
        table.Add(Mnemonic.Psubd, &Packed.Bind<Subtract<uint>>);
        table.Add(Mnemonic.Psubq, &Packed.Bind<Subtract<ulong>>);
        table.Add(Mnemonic.Paddsb, &Packed.Bind<AddSaturating<sbyte>>);
        table.Add(Mnemonic.Paddsw, &Packed.Bind<AddSaturating<short>>);
        table.Add(Mnemonic.Paddusb, &Packed.Bind<AddSaturating<byte>>);
        table.Add(Mnemonic.Paddusw, &Packed.Bind<AddSaturating<ushort>>);
        table.Add(Mnemonic.Psubsb, &Packed.Bind<SubtractSaturating<sbyte>>);
        table.Add(Mnemonic.Psubsw, &Packed.Bind<SubtractSaturating<short>>);
        table.Add(Mnemonic.Psubusb, &Packed.Bind<SubtractSaturating<byte>>);
        table.Add(Mnemonic.Psubusw, &Packed.Bind<SubtractSaturating<ushort>>);
        table.Add(Mnemonic.Pavgb, &Packed.Bind<AverageBytes>);
        table.Add(Mnemonic.Pavgw, &Packed.Bind<AverageWords>);
        table.Add(Mnemonic.Pminub, &Packed.Bind<Minimum<byte>>);
        table.Add(Mnemonic.Pminsb, &Packed.Bind<Minimum<sbyte>>);
        table.Add(Mnemonic.Pminuw, &Packed.Bind<Minimum<ushort>>);
        table.Add(Mnemonic.Pminsw, &Packed.Bind<Minimum<short>>);
        table.Add(Mnemonic.Pminud, &Packed.Bind<Minimum<uint>>);
        table.Add(Mnemonic.Pminsd, &Packed.Bind<Minimum<int>>);
        table.Add(Mnemonic.Pmaxub, &Packed.Bind<Maximum<byte>>);
        table.Add(Mnemonic.Pmaxsb, &Packed.Bind<Maximum<sbyte>>);
        table.Add(Mnemonic.Pmaxuw, &Packed.Bind<Maximum<ushort>>);
        table.Add(Mnemonic.Pmaxsw, &Packed.Bind<Maximum<short>>);
        table.Add(Mnemonic.Pmaxud, &Packed.Bind<Maximum<uint>>);
        table.Add(Mnemonic.Pmaxsd, &Packed.Bind<Maximum<int>>);
        table.Add(Mnemonic.Pabsb, &Packed.Bind<Absolute<sbyte>>);
        table.Add(Mnemonic.Pabsw, &Packed.Bind<Absolute<short>>);
        table.Add(Mnemonic.Pabsd, &Packed.Bind<Absolute<int>>);
        table.Add(Mnemonic.Psignb, &Packed.Bind<Sign<sbyte>>);
        table.Add(Mnemonic.Psignw, &Packed.Bind<Sign<short>>);
        table.Add(Mnemonic.Psignd, &Packed.Bind<Sign<int>>);
        table.Add(Mnemonic.Phaddw, &Packed.Bind<AddPairsOfWords, Packed.Joined<AddPairsOfWords>>);
        table.Add(Mnemonic.Phaddd, &Packed.Bind<AddPairsOfDoublewords, Packed.Joined<AddPairsOfDoublewords>>);
        table.Add(Mnemonic.Phaddsw, &Packed.Bind<AddPairsSaturating, Packed.Joined<AddPairsSaturating>>);
        table.Add(Mnemonic.Phsubw, &Packed.Bind<SubtractPairsOfWords, Packed.Joined<SubtractPairsOfWords>>);
        table.Add(Mnemonic.Phsubd, &Packed.Bind<SubtractPairsOfDoublewords, Packed.Joined<SubtractPairsOfDoublewords>>);
        table.Add(Mnemonic.Phsubsw, &Packed.Bind<SubtractPairsSaturating, Packed.Joined<SubtractPairsSaturating>>);
    }

    /// <summary>The even words of a vector, sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> LowWord(Vector128<byte> value) => (value.AsInt32() << 16) >> 16;

    /// <summary>The odd words of a vector, sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> HighWord(Vector128<byte> value) => value.AsInt32() >> 16;

    /// <summary>PADDB, PADDW, PADDD, PADDQ.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct Add<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => (a.As<byte, T>() + b.As<byte, T>()).AsByte();
    }

    /// <summary>PSUBB, PSUBW, PSUBD, PSUBQ.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct Subtract<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => (a.As<byte, T>() - b.As<byte, T>()).AsByte();
    }

    /// <summary>PADDSB, PADDSW, PADDUSB, PADDUSW.</summary>
    /// <typeparam name="T">The lane; its sign decides the bounds.</typeparam>
    private readonly struct AddSaturating<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.AddSaturate(a.As<byte, T>(), b.As<byte, T>()).AsByte();
    }

    /// <summary>PSUBSB, PSUBSW, PSUBUSB, PSUBUSW.</summary>
    /// <typeparam name="T">The lane; its sign decides the bounds.</typeparam>
    private readonly struct SubtractSaturating<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.SubtractSaturate(a.As<byte, T>(), b.As<byte, T>()).AsByte();
    }

    /// <summary>PAVGB: half the sum, rounded up.</summary>
    private readonly struct AverageBytes : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate) => (a | b) - ((a ^ b) >>> 1);
    }

    /// <summary>PAVGW: half the sum, rounded up.</summary>
    private readonly struct AverageWords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => ((a | b).AsUInt16() - ((a ^ b).AsUInt16() >>> 1)).AsByte();
    }

    /// <summary>PMINUB, PMINSB, PMINUW, PMINSW, PMINUD, PMINSD.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct Minimum<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Min(a.As<byte, T>(), b.As<byte, T>()).AsByte();
    }

    /// <summary>PMAXUB, PMAXSB, PMAXUW, PMAXSW, PMAXUD, PMAXSD.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct Maximum<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Max(a.As<byte, T>(), b.As<byte, T>()).AsByte();
    }

    /// <summary>PABSB, PABSW, PABSD: the lowest number stays as it is.</summary>
    /// <typeparam name="T">The lane, signed.</typeparam>
    private readonly struct Absolute<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            Vector128<T> value = b.As<byte, T>();
            Vector128<T> negative = Vector128.LessThan(value, Vector128<T>.Zero);
            return ((value ^ negative) - negative).AsByte();
        }
    }

    /// <summary>PSIGNB, PSIGNW, PSIGND: operand 0 negated, zeroed or kept by the sign of operand 1.</summary>
    /// <typeparam name="T">The lane, signed.</typeparam>
    private readonly struct Sign<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            Vector128<T> sign = b.As<byte, T>();
            Vector128<T> negative = Vector128.LessThan(sign, Vector128<T>.Zero);
            Vector128<T> zero = Vector128.Equals(sign, Vector128<T>.Zero);
            return Vector128.AndNot((a.As<byte, T>() ^ negative) - negative, zero).AsByte();
        }
    }

    /// <summary>PHADDW.</summary>
    private readonly struct AddPairsOfWords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Narrow(LowWord(a) + HighWord(a), LowWord(b) + HighWord(b)).AsByte();
    }

    /// <summary>PHADDD.</summary>
    private readonly struct AddPairsOfDoublewords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Narrow(a.AsInt64() + (a.AsInt64() >>> 32), b.AsInt64() + (b.AsInt64() >>> 32)).AsByte();
    }

    /// <summary>PHADDSW.</summary>
    private readonly struct AddPairsSaturating : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.NarrowWithSaturation(LowWord(a) + HighWord(a), LowWord(b) + HighWord(b)).AsByte();
    }

    /// <summary>PHSUBW.</summary>
    private readonly struct SubtractPairsOfWords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Narrow(LowWord(a) - HighWord(a), LowWord(b) - HighWord(b)).AsByte();
    }

    /// <summary>PHSUBD.</summary>
    private readonly struct SubtractPairsOfDoublewords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Narrow(a.AsInt64() - (a.AsInt64() >>> 32), b.AsInt64() - (b.AsInt64() >>> 32)).AsByte();
    }

    /// <summary>PHSUBSW.</summary>
    private readonly struct SubtractPairsSaturating : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.NarrowWithSaturation(LowWord(a) - HighWord(a), LowWord(b) - HighWord(b)).AsByte();
    }
}
