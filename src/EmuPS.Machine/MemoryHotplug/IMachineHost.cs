using System;
using System.Threading;
using EmuPS.Core.Memory;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>What the hotplug manager needs of the machine it serves.</summary>
public interface IMachineHost
{
    /// <summary>The guest's physical memory.</summary>
    GuestPhysicalMemory Memory { get; }

    /// <summary>The machine's device lock.</summary>
    Lock DeviceLock { get; }

    /// <summary>False while the machine is being built: what is plugged then is cold-plugged and not announced.</summary>
    bool HasStarted { get; }

    /// <summary>Runs the action while every vCPU is at a block boundary, and flushes what cached the physical map before it returns.</summary>
    /// <remarks>The caller is not in the middle of a vCPU's instruction and does not hold the device lock. The action may take it.</remarks>
    /// <param name="action">Changes the map.</param>
    void AtSafePoint(Action action);

    /// <summary>Holds the guest. The caller is not a vCPU's thread and does not hold the device lock.</summary>
    /// <exception cref="EngineException"><see cref="ErrorIds.MachineEnded"/>.</exception>
    void Pause();

    /// <summary>For a vCPU's thread inside a port write (eject): runs the action before that vCPU executes its next instruction, while every vCPU is at a block boundary.</summary>
    /// <remarks>It may return before the action has run. The action runs without the device lock and may take it; it must not throw.</remarks>
    /// <param name="action">Changes the map.</param>
    void AtNextSafePoint(Action action);

    /// <summary>Whether the guest has enabled the memory hotplug event. One that is raised before is lost with most kernels. Called under the device lock.</summary>
    bool IsMemoryGpeEnabled { get; }

    /// <summary>Whether the memory hotplug event was raised and the guest has not cleared it. Called under the device lock.</summary>
    bool IsMemoryGpeRaised { get; }

    /// <summary>Raises general-purpose event 3, memory hotplug, and with it the SCI. Called under the device lock.</summary>
    void RaiseMemoryGpe();
}
