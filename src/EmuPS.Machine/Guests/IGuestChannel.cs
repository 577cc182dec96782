using System;

namespace EmuPS.Machine.Guests;

/// <summary>A two-way stream of bytes to the guest: one of its serial ports.</summary>
public interface IGuestChannel
{
    /// <summary>Raised with the bytes that the guest sent, in order, from one thread at a time; they are valid during the call.</summary>
    event Action<ReadOnlyMemory<byte>>? Received;

    /// <summary>Sends bytes to the guest; never blocks.</summary>
    void Send(ReadOnlyMemory<byte> bytes);
}
