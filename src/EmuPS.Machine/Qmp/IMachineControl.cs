using System;
using System.Collections.Generic;
using EmuPS.Core.Memory;
using EmuPS.Machine.Events;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;

namespace EmuPS.Machine.Qmp;

/// <summary>What monitors see of a machine and do to it. Methods may be called from any thread that does not hold the device lock.</summary>
public interface IMachineControl
{
    /// <summary>The machine's id.</summary>
    Guid Id { get; }

    /// <summary>The machine's name.</summary>
    string Name { get; }

    /// <summary>QEMU's word for the state: <c>prelaunch</c>, <c>running</c>, <c>paused</c>, <c>guest-panicked</c>, <c>shutdown</c>, <c>internal-error</c>.</summary>
    string RunStatus { get; }

    /// <summary>Backends and DIMMs.</summary>
    MemoryHotplugManager Hotplug { get; }

    /// <summary>The device for the guest's panics, or null.</summary>
    PanicDevice? Panic { get; }

    /// <summary>The machine's events.</summary>
    MachineEventLog Events { get; }

    /// <summary>The machine's log.</summary>
    MachineLog Log { get; }

    /// <summary>The guest's physical address space.</summary>
    PhysicalMemoryMap MemoryMap { get; }

    /// <summary>What answers on ports, in ascending order, named by the device's class.</summary>
    IReadOnlyList<(ushort First, int Length, string Name)> Ports { get; }

    /// <summary>The guest's NUMA nodes by number with initial memory and processors filled in; empty when it has none.</summary>
    IReadOnlyList<NumaNodeOptions> NumaNodes { get; }

    /// <summary>The host's numbers of the processors' threads, by processor.</summary>
    IReadOnlyList<int> ProcessorThreads { get; }

    /// <summary>Holds the guest; nothing when it is held.</summary>
    void Pause();

    /// <summary>Lets the guest go on; nothing when it runs.</summary>
    void Resume();

    /// <summary>Resets the machine.</summary>
    /// <param name="reason">QEMU's word for the event.</param>
    void Reset(string reason);

    /// <summary>Presses the power button.</summary>
    void PressPowerButton();

    /// <summary>Ends the machine.</summary>
    /// <param name="reason">QEMU's word for the event.</param>
    void PowerOff(string reason);
}
