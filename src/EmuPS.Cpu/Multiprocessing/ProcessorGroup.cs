using System;
using System.Threading;
using EmuPS.Cpu.Cpuid;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Interpreter.Vex;

namespace EmuPS.Cpu.Multiprocessing;

/// <summary>The processors of one machine, and what they must agree upon: which pages hold code, instructions that nothing may interrupt, the processor model.</summary>
/// <remarks>
/// Nothing here waits while it holds a lock that another processor needs to reach its next block boundary. A processor that waits for others either counts as parked
/// (it will look at its exit word before it executes anything) or serves what the others ask of it meanwhile.
/// </remarks>
public sealed class ProcessorGroup : IDisposable
{
    /// <summary>Most processors of a machine.</summary>
    public const int MaximumCount = 16;

    private readonly VirtualProcessor?[] _members;
    private readonly Lock _modelLock = new();
    private CpuidModel? _model;

    /// <summary>Makes an empty group.</summary>
    /// <param name="count">Number of processors that it will have, 1 to 16.</param>
    public ProcessorGroup(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaximumCount);
        _members = new VirtualProcessor?[count];
        Code = new SharedCode(this);
    }

    /// <summary>Number of processors.</summary>
    public int Count => _members.Length;

    /// <summary>Whether there are several, so that what one does must be told the others.</summary>
    internal bool IsShared => _members.Length > 1;

    /// <summary>Held by the one processor that executes while all others stand.</summary>
    internal Lock Exclusive { get; } = new();

    /// <summary>Held by the processor that executes in lock step of interpreter and translator: there it is one at a time.</summary>
    internal Lock Turn { get; } = new();

    /// <summary>Which pages hold code of which processor.</summary>
    internal SharedCode Code { get; }

    /// <summary>Sixteen-byte compare and exchange.</summary>
    internal WideExchange Wide { get; } = new();

    /// <summary>The members; a place is empty until its processor is made.</summary>
    internal ReadOnlySpan<VirtualProcessor?> Members => _members;

    /// <summary>Adds a processor at the place of its index.</summary>
    /// <param name="processor">The processor.</param>
    internal void Attach(VirtualProcessor processor) => Volatile.Write(ref _members[processor.Index], processor);

    /// <summary>Takes a processor out.</summary>
    /// <param name="processor">The processor.</param>
    internal void Detach(VirtualProcessor processor) => Volatile.Write(ref _members[processor.Index], null);

    /// <summary>The processor model, the same for all.</summary>
    /// <param name="tscFrequency">Ticks of the time-stamp counter per second.</param>
    /// <param name="hostVectors">Executes VEX-encoded vector instructions; null when they are not offered.</param>
    internal CpuidModel Model(ulong tscFrequency, HostVectorCode? hostVectors)
    {
        lock (_modelLock)
        {
            return _model ??= new CpuidModel(tscFrequency, Count, InstructionOffer.Of(new InstructionTable(hostVectors)));
        }
    }

    /// <summary>Releases what is not the processors' own. They have ended.</summary>
    public void Dispose() => Wide.Dispose();
}
