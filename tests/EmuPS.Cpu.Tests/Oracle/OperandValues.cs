using System;
using System.Buffers.Binary;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Operand values: those at which instructions change their mind, and random ones.</summary>
internal static class OperandValues
{
    private static readonly ulong[] Integers =
    [
        0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 0x7E, 0x7F, 0x80, 0x81, 0xFE, 0xFF, 0x100, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0x1_0000,
        0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFFE, 0xFFFF_FFFF, 0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000,
        0x8000_0000_0000_0001, 0xFFFF_FFFF_FFFF_FFFE, 0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_8000_0000, 0xFFFF_FFFF_7FFF_FFFF, 0xFFFF_FFFF_FFFF_FF80,
        0xFFFF_FFFF_FFFF_8000, 0x5555_5555_5555_5555, 0xAAAA_AAAA_AAAA_AAAA, 0x8080_8080_8080_8080, 0x7F7F_7F7F_7F7F_7F7F,
    ];

    // Zeros, smallest and largest denormal and normal, one and neighbours, infinities, quiet and signalling NaNs, integer conversion limits.
    private static readonly uint[] Singles =
    [
        0, 1, 2, 0x007F_FFFF, 0x0080_0000, 0x0080_0001, 0x3F80_0000, 0x3F80_0001, 0x3F7F_FFFF, 0x3F00_0000, 0x3FC0_0000, 0x4000_0000, 0x4040_0000,
        0x4EFF_FFFF, 0x4F00_0000, 0x4F80_0000, 0x5EFF_FFFF, 0x5F00_0000, 0x4B00_0000, 0x4B7F_FFFF, 0x4AFF_FFFF, 0x7F7F_FFFF, 0x7F80_0000, 0x7FC0_0000,
        0x7FC1_2345, 0x7F80_0001, 0x7FA0_0000, 0x7FBF_FFFF, 0x7FFF_FFFF, 0x2000_0000, 0x5F80_0000, 0x0040_0000, 0x3E99_999A, 0x42F6_E979,
    ];

    private static readonly ulong[] Doubles =
    [
        0, 1, 2, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x0010_0000_0000_0001, 0x3FF0_0000_0000_0000, 0x3FF0_0000_0000_0001,
        0x3FEF_FFFF_FFFF_FFFF, 0x3FE0_0000_0000_0000, 0x3FF8_0000_0000_0000, 0x4000_0000_0000_0000, 0x4008_0000_0000_0000, 0x41DF_FFFF_FFC0_0000,
        0x41DF_FFFF_FFE0_0000, 0x41E0_0000_0000_0000, 0x43DF_FFFF_FFFF_FFFF, 0x43E0_0000_0000_0000, 0x4330_0000_0000_0000, 0x433F_FFFF_FFFF_FFFF,
        0x432F_FFFF_FFFF_FFFF, 0x7FEF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 0x7FF8_1234_5678_9ABC, 0x7FF0_0000_0000_0001,
        0x7FF4_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x2000_0000_0000_0000, 0x5FF0_0000_0000_0000, 0x0008_0000_0000_0000, 0x3FD5_5555_5555_5555,
        0x36A0_0000_0000_0000, 0x380F_FFFF_FFFF_FFFF, 0x47EF_FFFF_E000_0000, 0x47EF_FFFF_F000_0000, 0x3810_0000_0000_0000,
    ];

    /// <summary>What vector registers and wide memory operands are filled with.</summary>
    public enum Kind
    {
        /// <summary>Random bytes.</summary>
        Random,

        /// <summary>Integer edges of 1, 2, 4 or 8 bytes.</summary>
        Integer,

        /// <summary>Single-precision edges and random values.</summary>
        Single,

        /// <summary>Double-precision edges and random values.</summary>
        Double,
    }

    /// <summary>A general operand.</summary>
    /// <param name="random">Source of randomness.</param>
    public static ulong Integer(Random random)
    {
        ulong noise = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        switch (random.Next(8))
        {
            case 0 or 1:
                return noise;
            case 2:
                return (ulong)random.Next(-70, 70);
            case 3:
                // An edge in the low byte, word or double word, noise above.
                int bits = 8 << random.Next(3);
                return (Integers[random.Next(Integers.Length)] & ((1UL << bits) - 1)) | (noise << bits);
            case 4:
                return noise >> random.Next(64);
            default:
                return Integers[random.Next(Integers.Length)];
        }
    }

    /// <summary>Fills vector elements.</summary>
    /// <param name="random">Source of randomness.</param>
    /// <param name="kind">What to fill with.</param>
    /// <param name="target">A multiple of 8 bytes, or fewer than 8.</param>
    public static void Fill(Random random, Kind kind, Span<byte> target)
    {
        random.NextBytes(target);
        switch (kind)
        {
            case Kind.Integer:
                int size = 1 << random.Next(4);
                Span<byte> value = stackalloc byte[8];
                for (int n = 0; n + size <= target.Length; n += size)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(value, Integer(random));
                    value[..size].CopyTo(target[n..]);
                }

                break;
            case Kind.Single:
                for (int n = 0; n + 4 <= target.Length; n += 4)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(target[n..], Single(random));
                }

                break;
            case Kind.Double:
                for (int n = 0; n + 8 <= target.Length; n += 8)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(target[n..], Double(random));
                }

                break;
        }
    }

    /// <summary>A single-precision operand.</summary>
    /// <param name="random">Source of randomness.</param>
    public static uint Single(Random random)
    {
        uint sign = random.Next(2) == 0 ? 0 : 0x8000_0000;
        uint fraction = (uint)random.Next(1 << 23);
        return sign | random.Next(6) switch
        {
            0 => (uint)random.NextInt64(0x8000_0000),
            1 => ((uint)random.Next(100, 156) << 23) | fraction,
            2 => ((uint)random.Next(126, 130) << 23) | (fraction & ((1u << random.Next(24)) - 1)),
            3 => BitConverter.SingleToUInt32Bits(random.Next(1000)),
            _ => Singles[random.Next(Singles.Length)],
        };
    }

    /// <summary>A double-precision operand.</summary>
    /// <param name="random">Source of randomness.</param>
    public static ulong Double(Random random)
    {
        ulong sign = random.Next(2) == 0 ? 0 : 0x8000_0000_0000_0000;
        ulong fraction = (ulong)random.NextInt64(1L << 52);
        return sign | random.Next(6) switch
        {
            0 => (ulong)random.NextInt64(),
            1 => ((ulong)random.Next(950, 1100) << 52) | fraction,
            2 => ((ulong)random.Next(1022, 1026) << 52) | (fraction & ((1UL << random.Next(53)) - 1)),
            3 => BitConverter.DoubleToUInt64Bits(random.Next(1000)),
            _ => Doubles[random.Next(Doubles.Length)],
        };
    }

    /// <summary>An extended-precision operand: every class of encoding the x87 knows, those it calls unsupported too.</summary>
    /// <param name="random">Source of randomness.</param>
    /// <param name="target">10 bytes.</param>
    public static void Extended(Random random, Span<byte> target)
    {
        const ulong Integer = 0x8000_0000_0000_0000;
        ulong noise = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        (int Exponent, ulong Significand) value = random.Next(20) switch
        {
            0 => (0, 0),
            1 => (0x3FFF, Integer),
            2 => (0x7FFF, Integer),
            3 => (0x7FFF, Integer | (noise | 1) >> 2),
            4 => (0x7FFF, Integer | 0x4000_0000_0000_0000 | (noise >> 2)),
            5 => (0, (noise >> 1) | 1),
            6 => (0, Integer | (noise >> 1)),
            7 => (random.Next(1, 0x7FFE), noise & ~Integer),
            8 => (0x7FFF, noise & ~Integer),
            9 => (random.Next(0x7FE0, 0x7FFF), noise | Integer),
            10 => (random.Next(1, 0x40), noise | Integer),
            11 => (0x3FFF + random.Next(-2, 66), ulong.MaxValue << random.Next(64)),
            12 => (0x3FFF + random.Next(64), Integer | (noise & (ulong.MaxValue << random.Next(64)))),
            13 => (random.Next(1, 0x7FFF), noise | Integer),
            14 => (0x3C01 + random.Next(-70, 70), noise | Integer),
            15 => (0x43FE + random.Next(-2, 3), noise | Integer),
            _ => (0x3FFF + random.Next(-20, 20), noise | Integer),
        };
        BinaryPrimitives.WriteUInt64LittleEndian(target, value.Significand);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], (ushort)(value.Exponent | (random.Next(2) << 15)));
    }
}
