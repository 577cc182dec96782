using System;
using System.Collections.Generic;
using System.Threading;
using EmuPS.Cpu.Multiprocessing;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu;

/// <content>What processors of one machine ask of each other: to pass a block boundary, to stand while one executes alone.</content>
/// <remarks>
/// A processor is parked while it is outside guest code and certain to look at its exit word before it executes any: halted, waiting for another, or not in <see cref="Run"/>.
/// Whoever asks sets a bit of the exit word first and looks at <see cref="_parked"/> then; whoever goes on does it the other way round.
/// </remarks>
public sealed unsafe partial class VirtualProcessor
{
    private readonly List<nint> _forbiddenPages = [];
    private volatile bool _parked = true;
    private bool _isAlone;
    private uint _pauses;
    private nint _writing;
    private long _boundaries;

    /// <summary>The processors of the machine.</summary>
    internal ProcessorGroup Group { get; }

    /// <summary>Whether a store of this processor to a page with code may be under way. Any thread.</summary>
    /// <param name="host">Host address of the page.</param>
    internal bool IsWritingTo(byte* host) => Volatile.Read(ref _writing) == (nint)host;

    /// <summary>Announces a store to the other processors of the machine, before the page's flag is looked at.</summary>
    /// <param name="host">Any host address of the page.</param>
    internal void MarkWriting(byte* host)
    {
        if (Group.IsShared)
        {
            // The mark stays until the next one, or until somebody asks for a boundary: a stale one costs nothing but a question.
            Interlocked.Exchange(ref _writing, (nint)host & ~0xFFF);
        }
    }

    /// <summary>Bytes of a page with code are about to be written: drops the blocks made from them, here and on the other processors.</summary>
    /// <param name="host">Any host address of the page.</param>
    /// <param name="physical">First byte.</param>
    /// <param name="size">Bytes, on one page.</param>
    /// <returns>True when no code is left on the page.</returns>
    internal bool WriteCode(byte* host, ulong physical, int size)
    {
        MarkWriting(host);
        bool clear = Blocks.Written(physical, size);
        return Group.IsShared ? Group.Code.Written(this, physical, size) : clear;
    }

    /// <summary>Asks the processor to pass a block boundary and to take a page out of its write TLB there. Another processor's thread.</summary>
    /// <param name="host">Host address of the page.</param>
    /// <param name="ticket">What <see cref="HasPassed"/> wants to know.</param>
    /// <returns>False when it is parked, so that there is nothing to wait for.</returns>
    internal bool AskForBoundary(byte* host, out long ticket)
    {
        lock (_writtenLock)
        {
            if (!_forbiddenPages.Contains((nint)host))
            {
                _forbiddenPages.Add((nint)host);
            }

            ticket = _boundaries;
        }

        // One that is halted need not wake up for it.
        Interlocked.Or(ref _state->Exit, (int)ExitRequest.Boundary);
        return !_parked;
    }

    /// <summary>Waits until other processors have passed a boundary, and serves what they ask meanwhile. At a block boundary.</summary>
    /// <param name="processors">Bit n for the processor of index n.</param>
    /// <param name="tickets">What each one gave, by index.</param>
    internal void WaitForBoundaries(uint processors, ReadOnlySpan<long> tickets)
    {
        SpinWait spinner = default;
        while (true)
        {
            foreach (VirtualProcessor? other in Group.Members)
            {
                if (other is not null && (processors & (1u << other.Index)) != 0 && other.HasPassed(tickets[other.Index]))
                {
                    processors &= ~(1u << other.Index);
                }
            }

            if (processors == 0)
            {
                return;
            }

            ServeBoundary();
            spinner.SpinOnce();
        }
    }

    /// <summary>Whether the present instruction may be executed though it must not be interrupted; otherwise it is put off until the others stand, and the handler ends without a fault.</summary>
    internal bool MayExecuteAlone()
    {
        if (!Group.IsShared || _isAlone)
        {
            return true;
        }

        Interlocked.Or(ref _state->Exit, (int)ExitRequest.Exclusive);
        return false;
    }

    /// <summary>PAUSE: the guest waits in a loop for another processor, whose thread may be waiting for this one's place.</summary>
    internal void Pause()
    {
        const int PausesBeforeYield = 32;
        if (Group.IsShared && ++_pauses % PausesBeforeYield == 0)
        {
            Thread.Yield();
        }
    }

    private bool HasPassed(long ticket) => _parked || Volatile.Read(ref _boundaries) != ticket;

    private void ServeBoundary()
    {
        if ((Volatile.Read(ref _state->Exit) & (int)ExitRequest.Boundary) == 0)
        {
            return;
        }

        Clear(ExitRequest.Boundary);
        lock (_writtenLock)
        {
            foreach (nint page in _forbiddenPages)
            {
                Tlb.TakeOutWrites(_state, (byte*)page);
            }

            _forbiddenPages.Clear();
            _writing = 0;
            Volatile.Write(ref _boundaries, _boundaries + 1);
        }
    }

    /// <summary>In lock step of interpreter and translator only one processor executes at a time, so that what a block wrote can be taken back.</summary>
    private bool TakesTurns => Journal is not null && Group.IsShared;

    private void Park()
    {
        _parked = true;
        if (Group.Turn.IsHeldByCurrentThread)
        {
            Group.Turn.Exit();
        }
    }

    /// <summary>Goes on after having been parked: what was asked meanwhile is in the exit word, which the caller looks at next.</summary>
    private void Unpark()
    {
        if (TakesTurns)
        {
            Group.Turn.Enter();
        }

        _parked = false;
        Interlocked.MemoryBarrier();
    }

    /// <summary>Stands until the processor that executes alone has finished.</summary>
    private void StandAside()
    {
        Clear(ExitRequest.Hold);
        Park();
        lock (Group.Exclusive)
        {
            // Whoever holds the lock lets it go after one instruction.
        }

        Unpark();
    }

    /// <summary>Executes one instruction while all other processors stand.</summary>
    /// <returns>False when the processor shut down.</returns>
    private bool StepAlone()
    {
        Clear(ExitRequest.Exclusive);
        Park();
        lock (Group.Exclusive)
        {
            Unpark();
            foreach (VirtualProcessor? other in Group.Members)
            {
                if (other != this)
                {
                    other?.Request(ExitRequest.Hold);
                }
            }

            SpinWait spinner = default;
            foreach (VirtualProcessor? other in Group.Members)
            {
                while (other is not null && other != this && !other._parked)
                {
                    ServeBoundary();
                    spinner.SpinOnce();
                }
            }

            ServeBoundary();
            _isAlone = true;
            try
            {
                return StepOne();
            }
            finally
            {
                _isAlone = false;
            }
        }
    }
}
