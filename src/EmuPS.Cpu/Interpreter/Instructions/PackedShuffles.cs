using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EmuPS.Cpu.Decoding;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Packing, unpacking, blending and shuffling of vector lanes.</summary>
internal static unsafe class PackedShuffles
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Packsswb, &Packed.Bind<PackWords, Packed.Joined<PackWords>>);
        table.Add(Mnemonic.Packssdw, &Packed.Bind<PackDoublewords, Packed.Joined<PackDoublewords>>);
        table.Add(Mnemonic.Packuswb, &Packed.Bind<PackWordsUnsigned, Packed.Joined<PackWordsUnsigned>>);
        table.Add(Mnemonic.Packusdw, &Packed.Bind<PackDoublewordsUnsigned>);
        table.Add(Mnemonic.Punpcklbw, &Packed.Bind<UnpackLow<byte>>);
        table.Add(Mnemonic.Punpcklwd, &Packed.Bind<UnpackLow<ushort>>);
        table.Add(Mnemonic.Punpckldq, &Packed.Bind<UnpackLow<uint>>);
        table.Add(Mnemonic.Punpckhbw, &Packed.Bind<UnpackHigh<byte>, MmxUnpackHigh<byte>>);
        table.Add(Mnemonic.Punpckhwd, &Packed.Bind<UnpackHigh<ushort>, MmxUnpackHigh<ushort>>);
        table.Add(Mnemonic.Punpckhdq, &Packed.Bind<UnpackHigh<uint>, MmxUnpackHigh<uint>>);
        table.Add(Mnemonic.Punpcklqdq, &Packed.Bind<LowQuadwords>);
        table.Add(Mnemonic.Punpckhqdq, &Packed.Bind<HighQuadwords>);
        table.Add(Mnemonic.Unpcklps, &Packed.Bind<UnpackLow<uint>>);
        table.Add(Mnemonic.Unpckhps, &Packed.Bind<UnpackHigh<uint>>);
        table.Add(Mnemonic.Unpcklpd, &Packed.Bind<LowQuadwords>);
        table.Add(Mnemonic.Unpckhpd, &Packed.Bind<HighQuadwords>);
        table.Add(Mnemonic.Pshufb, &Packed.Bind<ShuffleBytes, MmxShuffleBytes>);
        table.Add(Mnemonic.Pblendw, &Packed.Bind<BlendWords>);
        table.Add(Mnemonic.Blendps, &Packed.Bind<BlendDoublewords>);
        table.Add(Mnemonic.Blendpd, &Packed.Bind<BlendQuadwords>);
        table.Add(Mnemonic.Movsldup, &Packed.Bind<DuplicateEven>);
        table.Add(Mnemonic.Movshdup, &Packed.Bind<DuplicateOdd>);
        table.Add(Mnemonic.Movddup, &Packed.Bind<DuplicateLow>);
    }

    /// <summary>PACKSSWB.</summary>
    private readonly struct PackWords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.NarrowWithSaturation(a.AsInt16(), b.AsInt16()).AsByte();
    }

    /// <summary>PACKSSDW.</summary>
    private readonly struct PackDoublewords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.NarrowWithSaturation(a.AsInt32(), b.AsInt32()).AsByte();
    }

    /// <summary>PACKUSWB: signed words to unsigned bytes.</summary>
    private readonly struct PackWordsUnsigned : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            if (Sse2.IsSupported)
            {
                return Sse2.PackUnsignedSaturate(a.AsInt16(), b.AsInt16());
            }

            Vector128<short> limit = Vector128.Create((short)byte.MaxValue);
            return Vector128.Narrow(
                Vector128.Min(Vector128.Max(a.AsInt16(), Vector128<short>.Zero), limit).AsUInt16(),
                Vector128.Min(Vector128.Max(b.AsInt16(), Vector128<short>.Zero), limit).AsUInt16());
        }
    }

    /// <summary>PACKUSDW: signed doublewords to unsigned words.</summary>
    private readonly struct PackDoublewordsUnsigned : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            if (Sse41.IsSupported)
            {
                return Sse41.PackUnsignedSaturate(a.AsInt32(), b.AsInt32()).AsByte();
            }

            Vector128<int> limit = Vector128.Create((int)ushort.MaxValue);
            return Vector128.Narrow(
                Vector128.Min(Vector128.Max(a.AsInt32(), Vector128<int>.Zero), limit).AsUInt32(),
                Vector128.Min(Vector128.Max(b.AsInt32(), Vector128<int>.Zero), limit).AsUInt32()).AsByte();
        }
    }

    /// <summary>PUNPCKLBW, PUNPCKLWD, PUNPCKLDQ and UNPCKLPS.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct UnpackLow<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => sizeof(T) switch
            {
                1 => (Vector128.WidenLower(a) | (Vector128.WidenLower(b) << 8)).AsByte(),
                2 => (Vector128.WidenLower(a.AsUInt16()) | (Vector128.WidenLower(b.AsUInt16()) << 16)).AsByte(),
                _ => (Vector128.WidenLower(a.AsUInt32()) | (Vector128.WidenLower(b.AsUInt32()) << 32)).AsByte(),
            };
    }

    /// <summary>PUNPCKHBW, PUNPCKHWD, PUNPCKHDQ and UNPCKHPS.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct UnpackHigh<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => sizeof(T) switch
            {
                1 => (Vector128.WidenUpper(a) | (Vector128.WidenUpper(b) << 8)).AsByte(),
                2 => (Vector128.WidenUpper(a.AsUInt16()) | (Vector128.WidenUpper(b.AsUInt16()) << 16)).AsByte(),
                _ => (Vector128.WidenUpper(a.AsUInt32()) | (Vector128.WidenUpper(b.AsUInt32()) << 32)).AsByte(),
            };
    }

    /// <summary>PUNPCKHBW, PUNPCKHWD, PUNPCKHDQ of MMX registers: the upper half of what the interleaving of both registers gives.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct MmxUnpackHigh<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.CreateScalar(UnpackLow<T>.Apply(a, b, immediate).AsUInt64().GetElement(1)).AsByte();
    }

    /// <summary>PUNPCKLQDQ and UNPCKLPD.</summary>
    private readonly struct LowQuadwords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Create(a.GetLower(), b.GetLower());
    }

    /// <summary>PUNPCKHQDQ and UNPCKHPD.</summary>
    private readonly struct HighQuadwords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Create(a.GetUpper(), b.GetUpper());
    }

    /// <summary>PSHUFB: an index with bit 7 set gives zero.</summary>
    private readonly struct ShuffleBytes : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Ssse3.IsSupported ? Ssse3.Shuffle(a, b) : Vector128.Shuffle(a, b & Vector128.Create((byte)0x8F));
    }

    /// <summary>PSHUFB of MMX registers.</summary>
    private readonly struct MmxShuffleBytes : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Shuffle(a, b & Vector128.Create((byte)0x87));
    }

    /// <summary>PBLENDW.</summary>
    private readonly struct BlendWords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            Vector128<ushort> bits = Vector128.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128);
            return Vector128.ConditionalSelect(Vector128.Equals(Vector128.Create((ushort)immediate) & bits, bits).AsByte(), b, a);
        }
    }

    /// <summary>BLENDPS.</summary>
    private readonly struct BlendDoublewords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            Vector128<uint> bits = Vector128.Create(1u, 2, 4, 8);
            return Vector128.ConditionalSelect(Vector128.Equals(Vector128.Create((uint)immediate) & bits, bits).AsByte(), b, a);
        }
    }

    /// <summary>BLENDPD.</summary>
    private readonly struct BlendQuadwords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            Vector128<ulong> bits = Vector128.Create(1UL, 2);
            return Vector128.ConditionalSelect(Vector128.Equals(Vector128.Create((ulong)immediate) & bits, bits).AsByte(), b, a);
        }
    }

    /// <summary>MOVSLDUP.</summary>
    private readonly struct DuplicateEven : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Shuffle(b.AsUInt32(), Vector128.Create(0u, 0, 2, 2)).AsByte();
    }

    /// <summary>MOVSHDUP.</summary>
    private readonly struct DuplicateOdd : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Shuffle(b.AsUInt32(), Vector128.Create(1u, 1, 3, 3)).AsByte();
    }

    /// <summary>MOVDDUP.</summary>
    private readonly struct DuplicateLow : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Create(b.GetLower(), b.GetLower());
    }
}
