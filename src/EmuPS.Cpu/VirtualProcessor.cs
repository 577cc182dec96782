using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using EmuPS.Core.Bus;
using EmuPS.Core.Diagnostics;
using EmuPS.Core.Memory;
using EmuPS.Core.Native;
using EmuPS.Core.Processor;
using EmuPS.Cpu.CodeCache;
using EmuPS.Cpu.Interpreter.Vex;
using EmuPS.Cpu.Multiprocessing;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Translation;

namespace EmuPS.Cpu;

/// <summary>One virtual processor: its state in native memory, and the loop that executes it on its own thread.</summary>
/// <remarks>The file of this name makes and ends it; <c>.Loop</c> executes, <c>.Requests</c> hears from other threads, <c>.Group</c> from other processors, <c>.Reset</c> gives the states after power-on and direct boot.</remarks>
public sealed unsafe partial class VirtualProcessor : IProcessorSignals, IDisposable
{
    // Host code may run with its stack pointer at the state one day: room for signal frames and a guard page lie below it.
    private const ulong RoomBelow = 65536;
    private const ulong GuardSize = 4096;
    private const ulong Allocation = GuardSize + RoomBelow + ((CpuState.TotalSize + 0xFFFUL) & ~0xFFFUL);

    private readonly byte* _allocation;
    private readonly CpuState* _state;
    private readonly GCHandle _handle;
    private readonly bool _ownsGroup;
    private bool _disposed;

    /// <summary>Makes a processor of a machine, in its state after power-on.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="memory">Guest physical memory.</param>
    /// <param name="ports">The input/output ports.</param>
    /// <param name="tsc">The time-stamp counter.</param>
    /// <param name="anomalies">Hears of what is not modelled.</param>
    /// <param name="deviceLock">The machine's device lock.</param>
    /// <param name="translate">Whether hot code is translated where the host can; otherwise everything is interpreted, with the same results.</param>
    /// <param name="group">The processors of the machine; null for a processor that is alone.</param>
    /// <param name="splitWx">Whether host code is written through a second view of its memory; null where the host demands it.</param>
    public VirtualProcessor(
        int index, GuestPhysicalMemory memory, IoPortBus ports, ITimeStampCounter tsc, IGuestAnomalySink anomalies, Lock deviceLock, bool translate = true, ProcessorGroup? group = null, bool? splitWx = null)
    {
        Index = index;
        _ownsGroup = group is null;
        Group = group ?? new ProcessorGroup(1);
        Memory = memory;
        Ports = ports;
        Tsc = tsc;
        Anomalies = anomalies;
        DeviceLock = deviceLock;
        _allocation = HostMemory.Allocate(Allocation);
        HostMemory.Guard(_allocation, GuardSize);
        _state = (CpuState*)(_allocation + GuardSize + RoomBelow);
        _handle = GCHandle.Alloc(this, GCHandleType.Weak);
        _state->Handle = GCHandle.ToIntPtr(_handle);
        Translations = new TranslationCache();
        HostVectors = HostVectorCode.TryMake(splitWx);
        Writers = new PageWriters(Group.IsShared);
        Blocks = new BlockCache(this, _state);
        Group.Attach(this);
        memory.CodeWritten += CodeWritten;
        Translator = translate && HostFeatures.CanTranslate ? TryMakeTranslator(splitWx) : null;
        IsTranslationRefused = translate && HostFeatures.CanTranslate && Translator is null;
        SetResetState();
    }

    /// <summary>Number of the processor in its machine, from 0; its initial APIC id.</summary>
    public int Index { get; }

    /// <summary>The local APIC; to be set before the first run.</summary>
    public ILocalInterruptController LocalApic { get; set; } = null!;

    /// <summary>Instructions completed since the processor was made.</summary>
    public ulong Retired => Volatile.Read(ref _state->Retired);

    /// <summary>Whether the processor waits in HLT.</summary>
    public bool IsHalted => _halted;

    /// <summary>Whether everything is interpreted because the host allows no memory for translated code.</summary>
    public bool IsTranslationRefused { get; }

    /// <summary>What went wrong inside the engine, after <see cref="ProcessorStop.InternalError"/>.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The input/output ports.</summary>
    internal IoPortBus Ports { get; }

    /// <summary>Guest physical memory.</summary>
    internal GuestPhysicalMemory Memory { get; }

    /// <summary>The time-stamp counter.</summary>
    internal ITimeStampCounter Tsc { get; }

    /// <summary>Hears of what is not modelled.</summary>
    internal IGuestAnomalySink Anomalies { get; }

    /// <summary>The machine's device lock; taken around device accesses that do not take it themselves.</summary>
    internal Lock DeviceLock { get; }

    /// <summary>The second-level TLB.</summary>
    internal TranslationCache Translations { get; }

    /// <summary>The linear address of no page, for empty page cells: not canonical, and another one in every processor.</summary>
    internal ulong NoPage { get; } = (1UL << 63) | ((ulong)System.Random.Shared.NextInt64(1L << 50) << 12);

    /// <summary>Which pages have one entry for writes in the first-level TLB.</summary>
    internal PageWriters Writers { get; }

    /// <summary>The decoded blocks.</summary>
    internal BlockCache Blocks { get; }

    /// <summary>Executes the interpreter's VEX-encoded vector instructions; null where the host cannot, and then they are not offered.</summary>
    internal HostVectorCode? HostVectors { get; }

    /// <summary>Makes host code of blocks; null when everything is interpreted.</summary>
    internal BlockTranslator? Translator { get; }

    /// <summary>The state; for tests and tools, on the vCPU's thread or while it does not run.</summary>
    internal CpuState* State => _state;

    /// <summary>The first part of the access that the bounce buffer stands for.</summary>
    internal BouncePart FirstBouncePart { get; set; }

    /// <summary>The part behind a page boundary, of size 0 when there is none.</summary>
    internal BouncePart SecondBouncePart { get; set; }

    /// <summary>Finds the processor that a state belongs to; for handlers and slow paths.</summary>
    /// <param name="s">The state.</param>
    internal static VirtualProcessor Of(CpuState* s) => Unsafe.As<VirtualProcessor>(GCHandle.FromIntPtr(s->Handle).Target!);

    /// <summary>Whether a physical address lies on the local APIC's page.</summary>
    /// <param name="physical">Guest physical address.</param>
    internal bool IsLocalApicPage(ulong physical)
    {
        // Bit 11 enables the window, bit 10 (x2APIC mode) takes it away (SDM vol. 3, 13.4.3).
        ulong apicBase = LocalApic?.ApicBase ?? 0;
        return (apicBase & 0xC00) == 0x800 && ((physical ^ apicBase) & ~0xFFFUL) == 0;
    }

    /// <summary>After the physical map changed: forgets every address translation, and the blocks of RAM that is not where it was. On the vCPU's thread, or while it is not in <see cref="Run"/>.</summary>
    public void MapChanged()
    {
        Tlb.FlushAll(_state);
        Writers.Clear();
        Blocks.MapChanged();
    }

    /// <summary>After memory got a new content behind the processor's back: forgets every address translation and block. On the vCPU's thread, or while it is not in <see cref="Run"/>.</summary>
    public void FlushTlb()
    {
        Tlb.FlushAll(_state);
        Writers.Clear();

        // The block being executed stays where it lies until the next one is decoded.
        Blocks.Flush();
    }

    private BlockTranslator? TryMakeTranslator(bool? splitWx)
    {
        try
        {
            return new BlockTranslator(_state, Group.Count, splitWx);
        }
        catch (OutOfMemoryException)
        {
            // A host that allows no code but that of files gets the interpreter.
            return null;
        }
    }

    /// <summary>Releases the memory. The processor must not be running.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Memory.CodeWritten -= CodeWritten;
        Group.Detach(this);
        Blocks.Dispose();
        Translator?.Dispose();
        HostVectors?.Dispose();
        Translations.Dispose();
        _wake.Dispose();
        _handle.Free();
        HostMemory.Free(_allocation, Allocation);
        if (_ownsGroup)
        {
            Group.Dispose();
        }
    }
}
