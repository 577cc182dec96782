using System.Numerics;
using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM (SDM vol. 2B, 4.1).</summary>
internal static unsafe class StringComparisons
{
    /// <summary>How the strings' lengths are told.</summary>
    private interface ILengths
    {
        /// <summary>The number of valid elements of a string.</summary>
        /// <typeparam name="T">The element.</typeparam>
        /// <param name="text">The string.</param>
        /// <param name="register">The general register that tells an explicit length.</param>
        static abstract int Of<T>(T* text, ulong register)
            where T : unmanaged;
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Pcmpestri, &InPlace.BindUnaligned<Index<Explicit32>>);
        table.Add(Mnemonic.Pcmpestri64, &InPlace.BindUnaligned<Index<Explicit64>>);
        table.Add(Mnemonic.Pcmpestrm, &InPlace.BindUnaligned<Mask<Explicit32>>);
        table.Add(Mnemonic.Pcmpestrm64, &InPlace.BindUnaligned<Mask<Explicit64>>);
        table.Add(Mnemonic.Pcmpistri, &InPlace.BindUnaligned<Index<Implicit>>);
        table.Add(Mnemonic.Pcmpistrm, &InPlace.BindUnaligned<Mask<Implicit>>);
    }

    private static uint Compare<TLengths>(CpuState* s, Op* op, byte* a, byte* b)
        where TLengths : struct, ILengths
        => (op->Imm & 3) switch
        {
            0 => Compare<byte, TLengths>(s, op, a, (byte*)b),
            1 => Compare<ushort, TLengths>(s, op, (ushort*)a, (ushort*)b),
            2 => Compare<sbyte, TLengths>(s, op, (sbyte*)a, (sbyte*)b),
            _ => Compare<short, TLengths>(s, op, (short*)a, (short*)b),
        };

    /// <summary>Compares, sets the flags and gives the final bit mask, one bit an element.</summary>
    private static uint Compare<T, TLengths>(CpuState* s, Op* op, T* a, T* b)
        where T : unmanaged, INumber<T>
        where TLengths : struct, ILengths
    {
        int count = 16 / sizeof(T);
        uint all = (1u << count) - 1;
        int lengthA = TLengths.Of(a, s->Gpr[0]);
        int lengthB = TLengths.Of(b, s->Gpr[2]);
        uint result = ((op->Imm >> 2) & 3) switch
        {
            0 => EqualAny(a, lengthA, b, lengthB),
            1 => Ranges(a, lengthA, b, lengthB),
            2 => EqualEach(a, lengthA, b, lengthB),
            _ => EqualOrdered(a, lengthA, b, lengthB),
        };
        if ((op->Imm & 0x10) != 0)
        {
            result ^= (op->Imm & 0x20) != 0 ? (1u << lengthB) - 1 : all;
        }

        Flags.SetStatus(
            s,
            (result != 0 ? Flags.Cf : 0) | (lengthB < count ? Flags.Zf : 0) | (lengthA < count ? Flags.Sf : 0) | ((result & 1) != 0 ? Flags.Of : 0));
        return result;
    }

    /// <summary>Which elements of b occur in a.</summary>
    private static uint EqualAny<T>(T* a, int lengthA, T* b, int lengthB)
        where T : unmanaged, INumber<T>
    {
        uint result = 0;
        for (int j = 0; j < lengthB; j++)
        {
            for (int i = 0; i < lengthA; i++)
            {
                result |= a[i] == b[j] ? 1u << j : 0;
            }
        }

        return result;
    }

    /// <summary>Which elements of b lie in one of the ranges whose ends are pairs of a.</summary>
    private static uint Ranges<T>(T* a, int lengthA, T* b, int lengthB)
        where T : unmanaged, INumber<T>
    {
        uint result = 0;
        for (int j = 0; j < lengthB; j++)
        {
            for (int i = 0; i + 1 < lengthA; i += 2)
            {
                result |= b[j] >= a[i] && b[j] <= a[i + 1] ? 1u << j : 0;
            }
        }

        return result;
    }

    /// <summary>Which elements are equal at the same place; places beyond both strings are.</summary>
    private static uint EqualEach<T>(T* a, int lengthA, T* b, int lengthB)
        where T : unmanaged, INumber<T>
    {
        uint result = 0;
        for (int i = 0; i < 16 / sizeof(T); i++)
        {
            bool equal = i < lengthA && i < lengthB ? a[i] == b[i] : i >= lengthA && i >= lengthB;
            result |= equal ? 1u << i : 0;
        }

        return result;
    }

    /// <summary>Where in b the string a begins; what would lie beyond the register counts as found.</summary>
    private static uint EqualOrdered<T>(T* a, int lengthA, T* b, int lengthB)
        where T : unmanaged, INumber<T>
    {
        uint result = 0;
        int count = 16 / sizeof(T);
        for (int j = 0; j < count; j++)
        {
            bool found = true;
            for (int i = 0; i < lengthA && i + j < count; i++)
            {
                found &= i + j < lengthB && a[i] == b[i + j];
            }

            result |= found ? 1u << j : 0;
        }

        return result;
    }

    /// <summary>Lengths in EAX and EDX.</summary>
    private readonly struct Explicit32 : ILengths
    {
        public static int Of<T>(T* text, ulong register)
            where T : unmanaged
        {
            long length = (int)register;
            return (int)long.Min(length < 0 ? -length : length, 16 / sizeof(T));
        }
    }

    /// <summary>Lengths in RAX and RDX.</summary>
    private readonly struct Explicit64 : ILengths
    {
        public static int Of<T>(T* text, ulong register)
            where T : unmanaged
        {
            ulong length = (long)register < 0 ? 0 - register : register;
            return (int)ulong.Min(length, (ulong)(16 / sizeof(T)));
        }
    }

    /// <summary>The string ends before its first zero element.</summary>
    private readonly struct Implicit : ILengths
    {
        public static int Of<T>(T* text, ulong register)
            where T : unmanaged
        {
            int length = 0;
            while (length < 16 / sizeof(T) && Operand.Get<T>(text + length) != 0)
            {
                length++;
            }

            return length;
        }
    }

    /// <summary>PCMPESTRI, PCMPISTRI: the lowest or highest bit of the mask to ECX, or the number of elements.</summary>
    /// <typeparam name="TLengths">The lengths.</typeparam>
    private readonly struct Index<TLengths> : InPlace.IOperation
        where TLengths : struct, ILengths
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint mask = Compare<TLengths>(s, op, destination, source);
            s->Gpr[1] = mask == 0
                ? (op->Imm & 1) != 0 ? 8u : 16
                : (uint)((op->Imm & 0x40) != 0 ? BitOperations.Log2(mask) : BitOperations.TrailingZeroCount(mask));
        }
    }

    /// <summary>PCMPESTRM, PCMPISTRM: the mask to XMM0, as bits or as elements of ones.</summary>
    /// <typeparam name="TLengths">The lengths.</typeparam>
    private readonly struct Mask<TLengths> : InPlace.IOperation
        where TLengths : struct, ILengths
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint mask = Compare<TLengths>(s, op, destination, source);
            ulong* result = (ulong*)s->Xmm;
            result[0] = mask;
            result[1] = 0;
            if ((op->Imm & 0x40) == 0)
            {
                return;
            }

            int shift = (int)(op->Imm & 1);
            for (int n = 0; n < 16; n++)
            {
                s->Xmm[n] = ((mask >> (n >> shift)) & 1) != 0 ? (byte)0xFF : (byte)0;
            }
        }
    }
}
