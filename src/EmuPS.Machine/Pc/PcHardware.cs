using System;
using System.Collections.Generic;
using System.Threading;
using EmuPS.Core.Bus;
using EmuPS.Core.Diagnostics;
using EmuPS.Core.Lines;
using EmuPS.Core.Memory;
using EmuPS.Core.Time;
using EmuPS.Cpu;
using EmuPS.Devices.Acpi;
using EmuPS.Devices.Interrupts;

namespace EmuPS.Machine.Pc;

/// <summary>A PC's parts, as <see cref="PcBuilder"/> put them together, and what concerns all of them: reset and the end.</summary>
internal sealed class PcHardware : IDisposable
{
    private readonly List<Action> _resets = [];

    /// <summary>The lock that device accesses, timers and lines hold.</summary>
    public required Lock DeviceLock { get; init; }

    /// <summary>The guest's clock.</summary>
    public required RealTimeClock Clock { get; init; }

    /// <summary>The guest's timers.</summary>
    public required TimerQueue Timers { get; init; }

    /// <summary>Guest physical memory.</summary>
    public required GuestPhysicalMemory Memory { get; init; }

    /// <summary>The port space.</summary>
    public required IoPortBus Ports { get; init; }

    /// <summary>What the guest did that is not modelled.</summary>
    public required AnomalyCounter Anomalies { get; init; }

    /// <summary>The processor.</summary>
    public required VirtualProcessor Processor { get; init; }

    /// <summary>Its local APIC.</summary>
    public required LocalApic LocalApic { get; init; }

    /// <summary>The ACPI registers.</summary>
    public required AcpiPowerManagement Power { get; init; }

    /// <summary>The first serial port: the console.</summary>
    public required SerialChannel Serial1 { get; init; }

    /// <summary>The second serial port: the agent.</summary>
    public required SerialChannel Serial2 { get; init; }

    /// <summary>Main memory.</summary>
    public required IHostMemoryBlock MainMemory { get; init; }

    /// <summary>Main memory as it lies in the physical map.</summary>
    public required IReadOnlyList<RamRegion> MainRegions { get; init; }

    /// <summary>Wires that firmware would leave at a level; none drives them.</summary>
    public required Func<int, ILine> Interrupts { get; init; }

    /// <summary>Adds a device's reset; they run in the order in which they were added.</summary>
    /// <param name="reset">Puts the device into its state after power-on.</param>
    public void AddReset(Action reset) => _resets.Add(reset);

    /// <summary>Puts everything but memory and the hotplug registers into its state after power-on. The processor is not running.</summary>
    public void Reset()
    {
        lock (DeviceLock)
        {
            foreach (Action reset in _resets)
            {
                reset();
            }

            LocalApic.Reset(init: false);
            Processor.Reset();
        }
    }

    /// <summary>Holds guest time.</summary>
    public void PauseTime()
    {
        Clock.Pause();
        Timers.Pause();
    }

    /// <summary>Lets guest time go on.</summary>
    public void ResumeTime()
    {
        Clock.Resume();
        Timers.Resume();
    }

    /// <summary>Ends timers and gives memory back. The processor's thread no longer runs it; the device lock is not held.</summary>
    public void Dispose()
    {
        Clock.Pause();
        Timers.Dispose();
        lock (DeviceLock)
        {
            Memory.Replace(PhysicalMemoryMap.Empty);
            foreach (RamRegion region in MainRegions)
            {
                region.Dispose();
            }
        }

        Processor.Dispose();
        MainMemory.Dispose();
    }
}
