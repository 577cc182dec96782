using System.Numerics;

namespace EmuPS.Devices.Interrupts;

/// <summary>One bit per vector: the shape of IRR, ISR and TMR.</summary>
internal sealed class InterruptBits
{
    private readonly uint[] _words = new uint[8];

    /// <summary>The highest vector whose bit is set, or -1.</summary>
    public int Highest
    {
        get
        {
            for (int i = _words.Length - 1; i >= 0; i--)
            {
                if (_words[i] != 0)
                {
                    return (i * 32) + 31 - BitOperations.LeadingZeroCount(_words[i]);
                }
            }

            return -1;
        }
    }

    public bool this[int vector]
    {
        get => (_words[vector >> 5] & (1u << (vector & 31))) != 0;
        set
        {
            if (value)
            {
                _words[vector >> 5] |= 1u << (vector & 31);
            }
            else
            {
                _words[vector >> 5] &= ~(1u << (vector & 31));
            }
        }
    }

    public uint Word(int index) => _words[index];

    public void Clear() => System.Array.Clear(_words);
}
