using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using EmuPS.Core.Bus;
using EmuPS.Core.Diagnostics;
using EmuPS.Core.Memory;
using EmuPS.Core.Processor;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu;

/// <summary>One virtual processor: its state in native memory, and the loop that executes it on its own thread.</summary>
public sealed unsafe partial class VirtualProcessor
{
    /// <summary>Makes a processor of a machine.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="memory">Guest physical memory.</param>
    /// <param name="ports">The input/output ports.</param>
    /// <param name="tsc">The time-stamp counter.</param>
    /// <param name="anomalies">Hears of what is not modelled.</param>
    /// <param name="deviceLock">The machine's device lock.</param>
    /// <param name="processorCount">Number of processors of the machine.</param>
    public VirtualProcessor(int index, GuestPhysicalMemory memory, IoPortBus ports, ITimeStampCounter tsc, IGuestAnomalySink anomalies, Lock deviceLock, int processorCount = 1)
    {
        Index = index;
        ProcessorCount = processorCount;
        Memory = memory;
        Ports = ports;
        Tsc = tsc;
        Anomalies = anomalies;
        DeviceLock = deviceLock;
    }

    /// <summary>Finds the processor that a state belongs to; for handlers and slow paths.</summary>
    /// <param name="s">The state.</param>
    internal static VirtualProcessor Of(CpuState* s) => Unsafe.As<VirtualProcessor>(GCHandle.FromIntPtr(s->Handle).Target!);

    /// <summary>Number of the processor in its machine, from 0; its initial APIC id.</summary>
    public int Index { get; }

    /// <summary>Number of processors of the machine, as CPUID tells.</summary>
    public int ProcessorCount { get; }

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

    /// <summary>The local APIC; to be set before the first run.</summary>
    public ILocalInterruptController LocalApic { get; set; } = null!;
}
