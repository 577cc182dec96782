using System;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Interpreter.Instructions;
using Xunit;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

/// <summary>The AES steps for hosts without AES instructions.</summary>
public sealed unsafe class AesRoundTests
{
    [Fact]
    public void The_example_of_fips_197_encrypts_and_decrypts()
    {
        byte[] state = Convert.FromHexString("00112233445566778899AABBCCDDEEFF");
        byte[] key = Convert.FromHexString("000102030405060708090A0B0C0D0E0F");
        byte[][] schedule = Expand(key);
        byte[] cipher = (byte[])state.Clone();
        Xor(cipher, schedule[0]);
        for (int round = 1; round <= 10; round++)
        {
            fixed (byte* s = cipher, k = schedule[round])
            {
                AesRound.Encrypt(s, k, last: round == 10);
            }
        }

        Assert.Equal("69C4E0D86A7B0430D8CDB78070B4C55A", Convert.ToHexString(cipher));

        Xor(cipher, schedule[10]);
        for (int round = 9; round >= 0; round--)
        {
            fixed (byte* s = cipher, k = schedule[round])
            {
                if (round != 0)
                {
                    AesRound.InverseMixColumns(k, k);
                }

                AesRound.Decrypt(s, k, last: round == 0);
            }
        }

        Assert.Equal(Convert.ToHexString(state), Convert.ToHexString(cipher));
    }

    [Fact]
    public void Random_rounds_agree_with_the_instructions_of_the_host()
    {
        Random random = new(1);
        byte[] bytes = new byte[32];
        for (int n = 0; n < 500 && Aes.IsSupported; n++)
        {
            random.NextBytes(bytes);
            Vector128<byte> state = Vector128.Create(bytes, 0);
            Vector128<byte> key = Vector128.Create(bytes, 16);
            Assert.Equal(Aes.Encrypt(state, key), Apply(bytes, (s, k) => AesRound.Encrypt((byte*)s, (byte*)k, last: false)));
            Assert.Equal(Aes.EncryptLast(state, key), Apply(bytes, (s, k) => AesRound.Encrypt((byte*)s, (byte*)k, last: true)));
            Assert.Equal(Aes.Decrypt(state, key), Apply(bytes, (s, k) => AesRound.Decrypt((byte*)s, (byte*)k, last: false)));
            Assert.Equal(Aes.DecryptLast(state, key), Apply(bytes, (s, k) => AesRound.Decrypt((byte*)s, (byte*)k, last: true)));
            Assert.Equal(Aes.InverseMixColumns(key), Apply(bytes, (s, k) => AesRound.InverseMixColumns((byte*)s, (byte*)k)));
        }
    }

    private static Vector128<byte> Apply(byte[] bytes, Action<nint, nint> step)
    {
        byte[] copy = (byte[])bytes.Clone();
        fixed (byte* p = copy)
        {
            step((nint)p, (nint)(p + 16));
        }

        return Vector128.Create(copy, 0);
    }

    /// <summary>The key schedule, made as software makes it with AESKEYGENASSIST.</summary>
    private static byte[][] Expand(byte[] key)
    {
        byte[][] schedule = new byte[11][];
        schedule[0] = key;
        byte constant = 1;
        byte[] assist = new byte[16];
        for (int round = 1; round <= 10; round++)
        {
            byte[] previous = schedule[round - 1];
            byte[] next = (byte[])previous.Clone();
            fixed (byte* r = assist, k = previous)
            {
                AesRound.AssistKeyGeneration(r, k, constant);
            }

            for (int n = 0; n < 16; n++)
            {
                next[n] ^= n < 4 ? assist[12 + n] : next[n - 4];
            }

            schedule[round] = next;
            constant = (byte)((constant << 1) ^ ((constant & 0x80) != 0 ? 0x1B : 0));
        }

        return schedule;
    }

    private static void Xor(byte[] a, byte[] b)
    {
        for (int n = 0; n < a.Length; n++)
        {
            a[n] ^= b[n];
        }
    }
}
