using System.Collections.Generic;
using System.Threading;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu;

/// <content>What other threads ask of the processor: bits of the exit word, seen at the next block boundary.</content>
public sealed unsafe partial class VirtualProcessor
{
    // No spinning: a halted guest uses no host CPU.
    private readonly ManualResetEventSlim _wake = new(false, 0);
    // Guards both lists, is taken last and held for moments only.
    private readonly Lock _writtenLock = new();
    private readonly List<(ulong Address, int Length)> _written = [];
    private volatile bool _halted;
    private byte _startUpVector;

    /// <summary>Makes <see cref="Run"/> return at the next block boundary. Any thread.</summary>
    public void RequestLeave() => Request(ExitRequest.Leave);

    /// <inheritdoc/>
    public void SignalInterrupt() => Request(ExitRequest.Interrupt);

    /// <inheritdoc/>
    public void SignalNmi() => Request(ExitRequest.Nmi);

    /// <inheritdoc/>
    public void SignalInit() => Request(ExitRequest.Init);

    /// <inheritdoc/>
    public void SignalStartUp(byte vector)
    {
        _startUpVector = vector;
        Request(ExitRequest.StartUp);
    }

    private void Request(ExitRequest request)
    {
        Interlocked.Or(ref _state->Exit, (int)request);
        if (_halted)
        {
            _wake.Set();
        }
    }

    /// <summary>Somebody else wrote RAM that holds code.</summary>
    internal void CodeWritten(ulong address, int length)
    {
        lock (_writtenLock)
        {
            _written.Add((address, length));
        }

        Request(ExitRequest.FlushCode);
    }

    private void DropWrittenCode()
    {
        (ulong Address, int Length)[] written;
        lock (_writtenLock)
        {
            written = [.. _written];
            _written.Clear();
        }

        // Not under the lock: others hold what the block cache takes while they report a write.
        foreach ((ulong address, int length) in written)
        {
            Blocks.Written(address, length);
        }
    }
}
