using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Decoding;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Vector shifts by bits and by bytes.</summary>
internal static unsafe class PackedShifts
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Psllw, &Packed.Bind<Left<ushort>>);
        table.Add(Mnemonic.Pslld, &Packed.Bind<Left<uint>>);
        table.Add(Mnemonic.Psllq, &Packed.Bind<Left<ulong>>);
        table.Add(Mnemonic.Psrlw, &Packed.Bind<Right<ushort>>);
        table.Add(Mnemonic.Psrld, &Packed.Bind<Right<uint>>);
        table.Add(Mnemonic.Psrlq, &Packed.Bind<Right<ulong>>);
        table.Add(Mnemonic.Psraw, &Packed.Bind<ArithmeticRight<short>>);
        table.Add(Mnemonic.Psrad, &Packed.Bind<ArithmeticRight<int>>);
        table.Add(Mnemonic.Pslldq, &Packed.Bind<BytesLeft>);
        table.Add(Mnemonic.Psrldq, &Packed.Bind<BytesRight>);
        table.Add(Mnemonic.Palignr, &Packed.Bind<Align, MmxAlign>);
    }

    /// <summary>PSLLW, PSLLD, PSLLQ: a count of the lane width or more gives zero.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct Left<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            ulong count = b.AsUInt64().ToScalar();
            return count >= (ulong)(sizeof(T) * 8) ? Vector128<byte>.Zero : (a.As<byte, T>() << (int)count).AsByte();
        }
    }

    /// <summary>PSRLW, PSRLD, PSRLQ: a count of the lane width or more gives zero.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    private readonly struct Right<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            ulong count = b.AsUInt64().ToScalar();
            return count >= (ulong)(sizeof(T) * 8) ? Vector128<byte>.Zero : (a.As<byte, T>() >>> (int)count).AsByte();
        }
    }

    /// <summary>PSRAW, PSRAD: a count of the lane width or more gives the sign.</summary>
    /// <typeparam name="T">The lane, signed.</typeparam>
    private readonly struct ArithmeticRight<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            ulong count = b.AsUInt64().ToScalar();
            return (a.As<byte, T>() >> (count >= (ulong)(sizeof(T) * 8) ? (sizeof(T) * 8) - 1 : (int)count)).AsByte();
        }
    }

    /// <summary>PSLLDQ.</summary>
    private readonly struct BytesLeft : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Shuffle(a, Vector128<byte>.Indices - Vector128.Create((byte)(immediate > 15 ? 16 : immediate)));
    }

    /// <summary>PSRLDQ.</summary>
    private readonly struct BytesRight : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Shuffle(a, Vector128<byte>.Indices + Vector128.Create((byte)(immediate > 15 ? 16 : immediate)));
    }

    /// <summary>PALIGNR: 16 bytes of operand 0 above operand 1, from the byte that the immediate names.</summary>
    private readonly struct Align : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
        {
            // An index outside a vector selects zero, so each half takes part only where its bytes are.
            Vector128<byte> indices = Vector128<byte>.Indices + Vector128.Create((byte)(immediate > 31 ? 32 : immediate));
            return Vector128.Shuffle(b, indices) | Vector128.Shuffle(a, indices - Vector128.Create((byte)16));
        }
    }

    /// <summary>PALIGNR of MMX registers.</summary>
    private readonly struct MmxAlign : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => BytesRight.Apply(Vector128.Create(b.GetLower(), a.GetLower()), b, immediate);
    }
}
