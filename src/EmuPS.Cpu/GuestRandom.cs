using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EmuPS.Cpu;

/// <summary>Random numbers for one processor: the host's cryptographic generator, or a repeatable sequence (xoshiro256**) once seeded. Used on the vCPU thread only.</summary>
internal sealed class GuestRandom
{
    private readonly ulong[] _buffer = new ulong[64];
    private int _next = 64;
    private ulong[]? _sequence;

    /// <summary>Starts a repeatable sequence.</summary>
    /// <param name="seed">Any value.</param>
    /// <param name="stream">Number of the sequence: the processor's index.</param>
    public void Seed(ulong seed, int stream)
    {
        // SplitMix64 spreads the seed over the state, as the generator's authors advise.
        ulong x = seed + ((ulong)stream * 0xD1B5_4A32_D192_ED03);
        _sequence = new ulong[4];
        for (int n = 0; n < 4; n++)
        {
            x += 0x9E37_79B9_7F4A_7C15;
            ulong z = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            _sequence[n] = z ^ (z >> 31);
        }
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        if (_sequence is ulong[] s)
        {
            ulong result = BitOperations.RotateLeft(s[1] * 5, 7) * 9;
            ulong t = s[1] << 17;
            s[2] ^= s[0];
            s[3] ^= s[1];
            s[1] ^= s[2];
            s[0] ^= s[3];
            s[2] ^= t;
            s[3] = BitOperations.RotateLeft(s[3], 45);
            return result;
        }

        if (_next == _buffer.Length)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_buffer.AsSpan()));
            _next = 0;
        }

        ulong value = _buffer[_next];
        _buffer[_next++] = 0;
        return value;
    }
}
