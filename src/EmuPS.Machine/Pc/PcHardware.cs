using System;
using System.Collections.Generic;
using System.Threading;
using EmuPS.Core.Bus;
using EmuPS.Core.Memory;
using EmuPS.Core.Time;
using EmuPS.Cpu;
using EmuPS.Cpu.Multiprocessing;
using EmuPS.Devices.Acpi;
using EmuPS.Devices.Firmware;
using EmuPS.Devices.Pci;

namespace EmuPS.Machine.Pc;

/// <summary>A PC's parts, as <see cref="PcBuilder"/> put them together, and what concerns all of them: reset, guest time and the end.</summary>
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

    /// <summary>The processors, the one that starts the machine first.</summary>
    public required IReadOnlyList<VirtualProcessor> Processors { get; init; }

    /// <summary>What the processors share.</summary>
    public required ProcessorGroup Group { get; init; }

    /// <summary>The processor that starts the machine.</summary>
    public VirtualProcessor Bootstrap => Processors[0];

    /// <summary>The ACPI registers.</summary>
    public required AcpiPowerManagement Power { get; init; }

    /// <summary>The configuration device that the guest's firmware asks.</summary>
    public required FwCfg Configuration { get; init; }

    /// <summary>The host bridge.</summary>
    public required I440Fx HostBridge { get; init; }

    /// <summary>The function that places the ACPI registers.</summary>
    public required Piix4Pm PowerFunction { get; init; }

    /// <summary>The first serial port: the console.</summary>
    public required SerialChannel Serial1 { get; init; }

    /// <summary>The second serial port: the agent.</summary>
    public required SerialChannel Serial2 { get; init; }

    /// <summary>True once the parts are gone; read under the device lock by everyone who is about to touch one.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Adds a device's reset; they run in the order in which they were added.</summary>
    /// <param name="reset">Puts the device into its state after power-on.</param>
    public void AddReset(Action reset) => _resets.Add(reset);

    /// <summary>Puts everything but memory and the hotplug registers into its state after power-on. No processor is running.</summary>
    public void Reset()
    {
        lock (DeviceLock)
        {
            foreach (Action reset in _resets)
            {
                reset();
            }

            foreach (VirtualProcessor processor in Processors)
            {
                processor.Reset();
            }
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

    /// <summary>Ends timers and the processors. Their threads no longer run them; the device lock is not held. Guest memory belongs to its backends.</summary>
    public void Dispose()
    {
        Clock.Pause();
        Timers.Dispose();
        Serial1.Connect(null);
        Serial2.Connect(null);
        lock (DeviceLock)
        {
            if (!IsDisposed)
            {
                IsDisposed = true;
                foreach (VirtualProcessor processor in Processors)
                {
                    processor.Dispose();
                }

                Group.Dispose();
                Memory.Replace(PhysicalMemoryMap.Empty);
            }
        }
    }
}
