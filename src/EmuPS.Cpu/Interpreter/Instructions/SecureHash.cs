using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The SHA-1 and SHA-256 instructions (FIPS 180-4; operand layout of SDM vol. 2B). Doubleword 0 is the lowest.</summary>
internal static unsafe class SecureHash
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Sha1rnds4, &InPlace.Bind<Sha1Rounds>);
        table.Add(Mnemonic.Sha1nexte, &InPlace.Bind<Sha1NextE>);
        table.Add(Mnemonic.Sha1msg1, &InPlace.Bind<Sha1Message1>);
        table.Add(Mnemonic.Sha1msg2, &InPlace.Bind<Sha1Message2>);
        table.Add(Mnemonic.Sha256rnds2, &InPlace.Bind<Sha256Rounds>);
        table.Add(Mnemonic.Sha256msg1, &InPlace.Bind<Sha256Message1>);
        table.Add(Mnemonic.Sha256msg2, &InPlace.Bind<Sha256Message2>);
    }

    private static uint Choose(uint x, uint y, uint z) => (x & y) ^ (~x & z);

    private static uint Majority(uint x, uint y, uint z) => (x & y) ^ (x & z) ^ (y & z);

    private static uint SmallSigma0(uint x) => BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3);

    private static uint SmallSigma1(uint x) => BitOperations.RotateRight(x, 17) ^ BitOperations.RotateRight(x, 19) ^ (x >> 10);

    private static void Set(byte* destination, uint e0, uint e1, uint e2, uint e3)
        => *(Vector128<uint>*)destination = Vector128.Create(e0, e1, e2, e3);

    /// <summary>SHA1RNDS4: four rounds with the function and constant that the immediate names.</summary>
    private readonly struct Sha1Rounds : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint* state = (uint*)destination;
            uint* words = (uint*)source;
            (uint a, uint b, uint c, uint d, uint e) = (state[3], state[2], state[1], state[0], 0);
            ulong function = op->Imm & 3;
            uint constant = function switch
            {
                0 => 0x5A82_7999,
                1 => 0x6ED9_EBA1,
                2 => 0x8F1B_BCDC,
                _ => 0xCA62_C1D6,
            };
            for (int round = 3; round >= 0; round--)
            {
                uint mixed = function switch
                {
                    0 => Choose(b, c, d),
                    2 => Majority(b, c, d),
                    _ => b ^ c ^ d,
                };
                uint next = mixed + BitOperations.RotateLeft(a, 5) + words[round] + e + constant;
                (a, b, c, d, e) = (next, a, BitOperations.RotateLeft(b, 30), c, d);
            }

            Set(destination, d, c, b, a);
        }
    }

    /// <summary>SHA1NEXTE.</summary>
    private readonly struct Sha1NextE : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint* words = (uint*)source;
            Set(destination, words[0], words[1], words[2], words[3] + BitOperations.RotateLeft(((uint*)destination)[3], 30));
        }
    }

    /// <summary>SHA1MSG1.</summary>
    private readonly struct Sha1Message1 : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint* a = (uint*)destination;
            uint* b = (uint*)source;
            Set(destination, a[0] ^ b[2], a[1] ^ b[3], a[2] ^ a[0], a[3] ^ a[1]);
        }
    }

    /// <summary>SHA1MSG2: the last word needs the first new one.</summary>
    private readonly struct Sha1Message2 : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint* a = (uint*)destination;
            uint* b = (uint*)source;
            uint first = BitOperations.RotateLeft(a[3] ^ b[2], 1);
            Set(
                destination,
                BitOperations.RotateLeft(a[0] ^ first, 1),
                BitOperations.RotateLeft(a[1] ^ b[0], 1),
                BitOperations.RotateLeft(a[2] ^ b[1], 1),
                first);
        }
    }

    /// <summary>SHA256RNDS2: two rounds; words and constants, already added, come from XMM0.</summary>
    private readonly struct Sha256Rounds : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint* low = (uint*)destination;
            uint* high = (uint*)source;
            (uint a, uint b, uint c, uint d) = (high[3], high[2], low[3], low[2]);
            (uint e, uint f, uint g, uint h) = (high[1], high[0], low[1], low[0]);
            for (int round = 0; round < 2; round++)
            {
                uint sigma1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
                uint sigma0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
                uint first = h + sigma1 + Choose(e, f, g) + ((uint*)s->Xmm)[round];
                uint second = sigma0 + Majority(a, b, c);
                (a, b, c, d, e, f, g, h) = (first + second, a, b, c, d + first, e, f, g);
            }

            Set(destination, f, e, b, a);
        }
    }

    /// <summary>SHA256MSG1.</summary>
    private readonly struct Sha256Message1 : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint* a = (uint*)destination;
            Set(
                destination,
                a[0] + SmallSigma0(a[1]),
                a[1] + SmallSigma0(a[2]),
                a[2] + SmallSigma0(a[3]),
                a[3] + SmallSigma0(*(uint*)source));
        }
    }

    /// <summary>SHA256MSG2: the upper words need the new lower ones.</summary>
    private readonly struct Sha256Message2 : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            uint* a = (uint*)destination;
            uint* b = (uint*)source;
            uint e0 = a[0] + SmallSigma1(b[2]);
            uint e1 = a[1] + SmallSigma1(b[3]);
            Set(destination, e0, e1, a[2] + SmallSigma1(e0), a[3] + SmallSigma1(e1));
        }
    }
}
