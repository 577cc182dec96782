using System;
using System.Collections.Generic;

namespace EmuPS.Cpu.Paging;

/// <summary>What a block that is executed twice wrote the first time, so that it can be taken back and compared: the lock step of interpreter and translator.</summary>
internal sealed unsafe class WriteJournal
{
    private readonly List<(nint Host, int Size, UInt128 Low, UInt128 High)> _before = [];
    private readonly List<(nint Host, int Size, UInt128 Low, UInt128 High)> _after = [];

    /// <summary>Whether a device was accessed: such a block cannot be executed twice.</summary>
    public bool TouchedDevice { get; set; }

    /// <summary>Forgets everything.</summary>
    public void Begin()
    {
        _before.Clear();
        _after.Clear();
        TouchedDevice = false;
    }

    /// <summary>Bytes of RAM are about to be written.</summary>
    /// <param name="host">Host address.</param>
    /// <param name="size">1 to 32; longer writes are recorded in pieces.</param>
    public void Record(byte* host, int size)
    {
        for (int done = 0; done < size; done += 32)
        {
            _before.Add(Take(host + done, Math.Min(32, size - done)));
        }
    }

    /// <summary>Remembers what was written and puts back what was there before.</summary>
    public void RollBack()
    {
        foreach ((nint host, int size, _, _) in _before)
        {
            _after.Add(Take((byte*)host, size));
        }

        UInt128* bytes = stackalloc UInt128[2];
        for (int i = _before.Count - 1; i >= 0; i--)
        {
            (nint host, int size, bytes[0], bytes[1]) = _before[i];
            Buffer.MemoryCopy(bytes, (byte*)host, size, size);
        }
    }

    /// <summary>Whether memory holds what was written the first time.</summary>
    /// <param name="host">Where it does not.</param>
    public bool Matches(out nint host)
    {
        foreach ((nint address, int size, UInt128 low, UInt128 high) in _after)
        {
            if (Take((byte*)address, size) != (address, size, low, high))
            {
                host = address;
                return false;
            }
        }

        host = 0;
        return true;
    }

    private static (nint Host, int Size, UInt128 Low, UInt128 High) Take(byte* host, int size)
    {
        UInt128* bytes = stackalloc UInt128[2];
        Buffer.MemoryCopy(host, bytes, size, size);
        return ((nint)host, size, bytes[0], bytes[1]);
    }
}
