using System;
using System.Threading;
using EmuPS.Core.Memory;

namespace EmuPS.Machine.Pc;

/// <summary>Guest RAM for host threads: every access holds the device lock, so that no DIMM goes away under it.</summary>
internal sealed class LockedGuestMemory(GuestPhysicalMemory memory, Lock deviceLock) : IGuestMemory
{
    /// <inheritdoc/>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        lock (deviceLock)
        {
            return memory.TryRead(address, destination);
        }
    }

    /// <inheritdoc/>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        lock (deviceLock)
        {
            return memory.TryWrite(address, source);
        }
    }
}
