using System;
using System.Runtime.CompilerServices;
using System.Threading;
using EmuPS.Cpu.CodeCache;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu;

/// <content>The loop: find a block, run it, and between blocks deliver what is pending.</content>
public sealed unsafe partial class VirtualProcessor
{
    private const ulong DebugSingleStep = 1UL << 14;
    private const int RecentCount = 256;

    private readonly ulong[] _recent = new ulong[RecentCount];
    private int _recentNext;
    private bool _inNmi;
    private bool _waitForStartUp;

    /// <summary>Executes on the calling thread until somebody asks it to leave, the processor shuts down, or the engine fails. HLT waits inside and uses no host CPU.</summary>
    /// <returns>Why it returned.</returns>
    public ProcessorStop Run()
    {
        try
        {
            Unpark();
            ProcessorStop stop = Loop();
            return Failure is null ? stop : ProcessorStop.InternalError;
        }
        catch (Exception e)
        {
            Failure = e;
            return ProcessorStop.InternalError;
        }
        finally
        {
            Park();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ProcessorStop Loop()
    {
        CpuState* s = _state;
        ulong[] recent = _recent;
        if (_waitForStartUp && HandleRequests() is { } early)
        {
            return early;
        }

        while (true)
        {
            if (s->InterruptShadow == CpuState.ShadowUntilRequest)
            {
                // With nothing wanted, nothing is noticed before the next block has begun, so the shadow may end here.
                s->InterruptShadow = s->Exit == 0 ? 0 : 1;
            }

            if (s->Exit != 0)
            {
                // Whatever is served here may drop the code that the jump to be linked lies in.
                _linkSite = 0;
                if (HandleRequests() is { } stop)
                {
                    return stop;
                }
            }

            if (((s->Mode & CpuMode.SingleStep) | (uint)s->InterruptShadow) != 0)
            {
                if (!StepOne())
                {
                    return ProcessorStop.TripleFault;
                }

                continue;
            }

            ulong csBase = (s->Mode & CpuMode.Long64) != 0 ? 0 : CpuState.Seg(s, SegmentIndex.Cs)->Base;
            Block* block = Blocks.Find(s->Rip, csBase, s->Mode);
            if (block == null)
            {
                block = Blocks.Fetch(s->Rip, csBase, s->Mode);
                if (block == null)
                {
                    _linkSite = 0;
                    if (!DeliverFault())
                    {
                        return ProcessorStop.TripleFault;
                    }

                    continue;
                }
            }

            recent[_recentNext++ & (RecentCount - 1)] = s->Rip;
            s->CurrentBlock = block;
            if (block->Host != null && Journal is not null)
            {
                RunInLockStep(block);
                PassTurn();
                if (s->FaultVector != Fault.None && !DeliverFault())
                {
                    return ProcessorStop.TripleFault;
                }

                continue;
            }

            if (block->Host != null && EnterTranslated(block))
            {
                if (s->FaultVector != Fault.None && !DeliverFault())
                {
                    return ProcessorStop.TripleFault;
                }

                continue;
            }

            _linkSite = 0;
            block->Ops->Fn(s, block->Ops);
            s->Retired += (ulong)block->Count;
            if (++block->Executions == TranslationThreshold)
            {
                Translate(block);
            }

            if (s->FaultVector != Fault.None)
            {
                AdjustRetired(block);
                if (!DeliverFault())
                {
                    return ProcessorStop.TripleFault;
                }
            }
        }
    }

    /// <summary>A block that was left early did not complete all its instructions.</summary>
    private void AdjustRetired(Block* block)
    {
        for (int i = 0; i < block->Count; i++)
        {
            if (block->Ops[i].Rip == _state->Rip)
            {
                _state->Retired -= (ulong)(block->Count - i);
                return;
            }
        }
    }

    /// <summary>Executes one instruction: in the shadow of STI or MOV SS, or with a debugger's trap flag or breakpoints set.</summary>
    private bool StepOne()
    {
        CpuState* s = _state;
        _linkSite = 0;
        bool shadowed = s->InterruptShadow != 0;
        bool trap = (s->SystemFlags & Flags.Tf) != 0;
        ulong csBase = (s->Mode & CpuMode.Long64) != 0 ? 0 : CpuState.Seg(s, SegmentIndex.Cs)->Base;
        if (!shadowed && BreakpointAt(csBase + s->Rip) is var hits and not 0)
        {
            s->InterruptShadow = 0;
            s->DebugStatus |= hits;
            Fault.Record(s, Vector.Debug);
            return DeliverFault();
        }

        uint mode = s->Mode | CpuMode.SingleStep;
        Block* block = Blocks.Find(s->Rip, csBase, mode);
        if (block == null)
        {
            block = Blocks.Fetch(s->Rip, csBase, mode);
        }

        if (block == null)
        {
            s->InterruptShadow = 0;
            return DeliverFault();
        }

        _recent[_recentNext++ & (RecentCount - 1)] = s->Rip;
        s->InterruptShadow = 0;
        s->CurrentBlock = block;
        block->Ops->Fn(s, block->Ops);
        s->SystemFlags &= ~Flags.Rf;
        if (s->FaultVector >= 0)
        {
            return DeliverFault();
        }

        bool repeats = s->FaultVector == Fault.Abandoned && s->Rip == block->Rip;
        s->FaultVector = Fault.None;
        s->Retired += repeats ? 0u : 1u;
        if (repeats && (Volatile.Read(ref s->Exit) & (int)ExitRequest.Exclusive) != 0)
        {
            // It was not executed at all yet: that happens while the other processors stand.
            s->InterruptShadow = shadowed ? 1 : 0;
            return true;
        }

        if (trap)
        {
            s->DebugStatus |= DebugSingleStep;
            Fault.Record(s, Vector.Debug);
            return DeliverFault();
        }

        return true;
    }

    /// <summary>The instruction breakpoints that match an address, as bits of DR6 (SDM vol. 3, 18.2). Data breakpoints are not watched.</summary>
    private ulong BreakpointAt(ulong linear)
    {
        CpuState* s = _state;
        ulong dr7 = s->Dr[7];
        if ((dr7 & ModeBits.Dr7Enables) == 0 || (s->SystemFlags & Flags.Rf) != 0)
        {
            return 0;
        }

        ulong hits = 0;
        for (int i = 0; i < 4; i++)
        {
            bool enabled = ((dr7 >> (2 * i)) & 3) != 0;
            bool execution = ((dr7 >> (16 + (4 * i))) & 15) == 0;
            if (enabled && execution && s->Dr[i] == linear)
            {
                hits |= 1UL << i;
            }
        }

        return hits;
    }

    /// <summary>Delivers the pending fault, and whatever faults while it is delivered (SDM vol. 3, table 7-5).</summary>
    /// <returns>False when the processor shut down.</returns>
    private bool DeliverFault()
    {
        CpuState* s = _state;
        int previous = Fault.None;
        while (s->FaultVector >= 0)
        {
            int vector = s->FaultVector;
            uint errorCode = s->FaultErrorCode;
            s->FaultVector = Fault.None;
            if (previous == Vector.DoubleFault)
            {
                return false;
            }

            bool twice = (Vector.IsContributory(previous) && Vector.IsContributory(vector))
                || (previous == Vector.PageFault && (Vector.IsContributory(vector) || vector == Vector.PageFault));
            if (vector == Vector.PageFault)
            {
                s->Cr2 = s->FaultAddress;
            }

            if (twice)
            {
                vector = Vector.DoubleFault;
                errorCode = 0;
            }

            if (vector == Vector.Debug)
            {
                s->Dr[6] |= s->DebugStatus;
                s->Dr[7] &= ~(1UL << 13);
                s->DebugStatus = 0;
            }

            previous = vector;
            InterruptDelivery.Exception(s, vector, errorCode);
        }

        s->FaultVector = Fault.None;
        return true;
    }

    /// <summary>Serves the exit word.</summary>
    /// <returns>Why the loop must end, or null.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ProcessorStop? HandleRequests()
    {
        CpuState* s = _state;
        while (true)
        {
            var requests = (ExitRequest)Volatile.Read(ref s->Exit);
            if ((requests & ExitRequest.Leave) != 0)
            {
                Clear(ExitRequest.Leave);
                return ProcessorStop.Leave;
            }

            if ((requests & (ExitRequest.Hold | ExitRequest.Boundary)) != 0)
            {
                if ((requests & ExitRequest.Hold) != 0)
                {
                    StandAside();
                }

                ServeBoundary();
                continue;
            }

            if ((requests & ExitRequest.FlushCode) != 0)
            {
                Clear(ExitRequest.FlushCode);
                DropWrittenCode();
            }

            if ((requests & ExitRequest.CellMisses) != 0)
            {
                Clear(ExitRequest.CellMisses);
                LookAtCellMisses();
            }

            if ((requests & ExitRequest.Exclusive) != 0 && (requests & ExitRequest.Init) == 0)
            {
                if (!StepAlone())
                {
                    return ProcessorStop.TripleFault;
                }

                continue;
            }

            if ((requests & ExitRequest.Init) != 0)
            {
                Clear(ExitRequest.Init | ExitRequest.Halt | ExitRequest.Nmi | ExitRequest.Interrupt | ExitRequest.Exclusive);
                ResetByInit();
            }

            if ((requests & ExitRequest.StartUp) != 0)
            {
                Clear(ExitRequest.StartUp);
                StartUp();
            }

            if (_waitForStartUp)
            {
                WaitForRequest(ExitRequest.Nmi | ExitRequest.Interrupt);
                continue;
            }

            // In the shadow of STI or MOV SS nothing is delivered; the request stays for the next boundary.
            bool shadowed = s->InterruptShadow != 0 && (requests & ExitRequest.Halt) == 0;
            if ((requests & ExitRequest.Nmi) != 0 && !_inNmi && !shadowed)
            {
                Clear(ExitRequest.Nmi | ExitRequest.Halt);
                _inNmi = true;
                if (!InterruptDelivery.Interrupt(s, Vector.Nmi) && !DeliverFault())
                {
                    return ProcessorStop.TripleFault;
                }
            }

            if ((requests & ExitRequest.Interrupt) != 0 && !shadowed)
            {
                Clear(ExitRequest.Interrupt);
                if (!AcceptInterrupt())
                {
                    return ProcessorStop.TripleFault;
                }
            }

            if (((ExitRequest)Volatile.Read(ref s->Exit) & ExitRequest.Halt) == 0)
            {
                return null;
            }

            WaitForRequest(_inNmi ? ExitRequest.Halt | ExitRequest.Nmi : ExitRequest.Halt);
        }
    }

    /// <summary>IRET ends the blocking of further NMIs.</summary>
    internal void NmiHandlerReturned()
    {
        _inNmi = false;
        Serialise();
    }

    /// <summary>What a serialising instruction does to memory order: stores before it are visible to other processors before anything behind it.</summary>
    internal void Serialise()
    {
        if (Group.IsShared)
        {
            Interlocked.MemoryBarrier();
        }
    }

    private bool AcceptInterrupt()
    {
        CpuState* s = _state;
        if (!LocalApic.HasInterrupt)
        {
            return true;
        }

        if ((s->SystemFlags & Flags.If) == 0)
        {
            s->WaitingInterrupt = 1;
            return true;
        }

        int vector = LocalApic.Acknowledge();
        if (LocalApic.HasInterrupt)
        {
            s->WaitingInterrupt = 1;
        }

        if (vector < 0)
        {
            return true;
        }

        Clear(ExitRequest.Halt);
        return InterruptDelivery.Interrupt(s, vector) || DeliverFault();
    }

    private void Clear(ExitRequest request) => Interlocked.And(ref _state->Exit, ~(int)request);

    /// <summary>Sleeps until the exit word asks for something else than what is already known.</summary>
    private void WaitForRequest(ExitRequest known)
    {
        _halted = true;
        Park();
        _wake.Reset();

        // Whoever requests sets the bit first and looks at the flag then; we do it the other way round, so one of us sees the other.
        Interlocked.MemoryBarrier();
        if (((ExitRequest)Volatile.Read(ref _state->Exit) & ~known) == 0)
        {
            _wake.Wait();
        }

        _halted = false;
        Unpark();
    }
}
