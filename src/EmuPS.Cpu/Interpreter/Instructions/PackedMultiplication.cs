using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Vector integer multiplication, sums of products and of differences, and carry-less multiplication.</summary>
internal static unsafe class PackedMultiplication
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Pmullw, &Packed.Bind<Low<short>>);
        table.Add(Mnemonic.Pmulld, &Packed.Bind<Low<int>>);
        table.Add(Mnemonic.Pmulhw, &Packed.Bind<HighSigned>);
        table.Add(Mnemonic.Pmulhuw, &Packed.Bind<HighUnsigned>);
        table.Add(Mnemonic.Pmulhrsw, &Packed.Bind<HighRounded>);
        table.Add(Mnemonic.Pmuludq, &Packed.Bind<WideUnsigned>);
        table.Add(Mnemonic.Pmuldq, &Packed.Bind<WideSigned>);
        table.Add(Mnemonic.Pmaddwd, &Packed.Bind<AddProducts>);
        table.Add(Mnemonic.Pmaddubsw, &Packed.Bind<AddProductsOfBytes>);
        table.Add(Mnemonic.Psadbw, &Packed.Bind<SumOfDifferences>);
        table.Add(Mnemonic.Pclmulqdq, &InPlace.Bind<Carryless>);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<int> Lower, Vector128<int> Upper) Products(Vector128<byte> a, Vector128<byte> b)
        => (Vector128.WidenLower(a.AsInt16()) * Vector128.WidenLower(b.AsInt16()), Vector128.WidenUpper(a.AsInt16()) * Vector128.WidenUpper(b.AsInt16()));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MultiplyWithoutCarry(ulong* result, ulong a, ulong b)
    {
        ulong low = 0;
        ulong high = 0;
        for (int bit = 0; bit < 64; bit++)
        {
            if (((b >> bit) & 1) != 0)
            {
                low ^= a << bit;
                high ^= (a >> 1) >> (63 - bit);
            }
        }

        result[0] = low;
        result[1] = high;
    }

    /// <summary>PMULLW, PMULLD.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct Low<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => (a.As<byte, T>() * b.As<byte, T>()).AsByte();
    }

    /// <summary>PMULHW.</summary>
    private readonly struct HighSigned : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            if (Sse2.IsSupported)
            {
                return Sse2.MultiplyHigh(a.AsInt16(), b.AsInt16()).AsByte();
            }

            (Vector128<int> lower, Vector128<int> upper) = Products(a, b);
            return Vector128.Narrow(lower >> 16, upper >> 16).AsByte();
        }
    }

    /// <summary>PMULHUW.</summary>
    private readonly struct HighUnsigned : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            if (Sse2.IsSupported)
            {
                return Sse2.MultiplyHigh(a.AsUInt16(), b.AsUInt16()).AsByte();
            }

            Vector128<uint> lower = Vector128.WidenLower(a.AsUInt16()) * Vector128.WidenLower(b.AsUInt16());
            Vector128<uint> upper = Vector128.WidenUpper(a.AsUInt16()) * Vector128.WidenUpper(b.AsUInt16());
            return Vector128.Narrow(lower >>> 16, upper >>> 16).AsByte();
        }
    }

    /// <summary>PMULHRSW: bits 30 to 15 of the product, rounded.</summary>
    private readonly struct HighRounded : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            if (Ssse3.IsSupported)
            {
                return Ssse3.MultiplyHighRoundScale(a.AsInt16(), b.AsInt16()).AsByte();
            }

            (Vector128<int> lower, Vector128<int> upper) = Products(a, b);
            return Vector128.Narrow(((lower >> 14) + Vector128<int>.One) >> 1, ((upper >> 14) + Vector128<int>.One) >> 1).AsByte();
        }
    }

    /// <summary>PMULUDQ: products of the even doublewords.</summary>
    private readonly struct WideUnsigned : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            if (Sse2.IsSupported)
            {
                return Sse2.Multiply(a.AsUInt32(), b.AsUInt32()).AsByte();
            }

            return (((a.AsUInt64() << 32) >>> 32) * ((b.AsUInt64() << 32) >>> 32)).AsByte();
        }
    }

    /// <summary>PMULDQ: signed products of the even doublewords.</summary>
    private readonly struct WideSigned : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            if (Sse41.IsSupported)
            {
                return Sse41.Multiply(a.AsInt32(), b.AsInt32()).AsByte();
            }

            return (((a.AsInt64() << 32) >> 32) * ((b.AsInt64() << 32) >> 32)).AsByte();
        }
    }

    /// <summary>PMADDWD: sums of two signed products.</summary>
    private readonly struct AddProducts : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            if (Sse2.IsSupported)
            {
                return Sse2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()).AsByte();
            }

            Vector128<int> even = ((a.AsInt32() << 16) >> 16) * ((b.AsInt32() << 16) >> 16);
            return (even + ((a.AsInt32() >> 16) * (b.AsInt32() >> 16))).AsByte();
        }
    }

    /// <summary>PMADDUBSW: saturated sums of two products, unsigned times signed.</summary>
    private readonly struct AddProductsOfBytes : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            if (Ssse3.IsSupported)
            {
                return Ssse3.MultiplyAddAdjacent(a, b.AsSByte()).AsByte();
            }

            Vector128<short> even = ((a.AsInt16() << 8) >>> 8) * ((b.AsInt16() << 8) >> 8);
            return Vector128.AddSaturate(even, (a.AsInt16() >>> 8) * (b.AsInt16() >> 8)).AsByte();
        }
    }

    /// <summary>PSADBW: per quadword, the sum of the absolute differences of the bytes.</summary>
    private readonly struct SumOfDifferences : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            if (Sse2.IsSupported)
            {
                return Sse2.SumAbsoluteDifferences(a, b).AsByte();
            }

            Vector128<byte> difference = Vector128.Max(a, b) - Vector128.Min(a, b);
            Vector128<ushort> words = ((difference.AsUInt16() << 8) >>> 8) + (difference.AsUInt16() >>> 8);
            Vector128<uint> doublewords = ((words.AsUInt32() << 16) >>> 16) + (words.AsUInt32() >>> 16);
            return (((doublewords.AsUInt64() << 32) >>> 32) + (doublewords.AsUInt64() >>> 32)).AsByte();
        }
    }

    /// <summary>PCLMULQDQ: the carry-less product of one quadword of each operand, chosen by bits 0 and 4.</summary>
    private readonly struct Carryless : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            ulong a = ((ulong*)destination)[op->Imm & 1];
            ulong b = ((ulong*)source)[(op->Imm >> 4) & 1];
            if (Pclmulqdq.IsSupported)
            {
                *(Vector128<ulong>*)destination = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(a), Vector128.CreateScalar(b), 0);
            }
            else
            {
                MultiplyWithoutCarry((ulong*)destination, a, b);
            }
        }
    }
}
