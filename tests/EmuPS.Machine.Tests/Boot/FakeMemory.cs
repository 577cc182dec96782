using System;
using EmuPS.Core.Memory;

namespace EmuPS.Machine.Tests.Boot;

/// <summary>Guest RAM in an array.</summary>
internal sealed class FakeMemory(int size) : IGuestMemory
{
    public byte[] Bytes { get; } = new byte[size];

    public bool TryRead(ulong address, Span<byte> destination)
    {
        if (address + (ulong)destination.Length > (ulong)Bytes.Length)
        {
            return false;
        }

        Bytes.AsSpan((int)address, destination.Length).CopyTo(destination);
        return true;
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        if (address + (ulong)source.Length > (ulong)Bytes.Length)
        {
            return false;
        }

        source.CopyTo(Bytes.AsSpan((int)address));
        return true;
    }
}
