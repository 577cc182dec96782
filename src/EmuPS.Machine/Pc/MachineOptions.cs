using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.Guests;
using EmuPS.Machine.Logging;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Pc;

/// <summary>What a machine is made of. Everything has a default but the boot.</summary>
public sealed record MachineOptions
{
    /// <summary>The machine's name, for threads, logs and QMP.</summary>
    public string Name { get; init; } = "vm";

    /// <summary>Initial RAM, slots and maximum: QEMU's <c>-m</c>.</summary>
    public MemoryConfiguration Memory { get; init; } = new();

    /// <summary>Number of processors, 1 to 16.</summary>
    public int CpuCount { get; init; } = 1;

    /// <summary>NUMA nodes; empty for one node that is made when there are slots or room for memory devices.</summary>
    public IReadOnlyList<NumaNodeOptions> NumaNodes { get; init; } = [];

    /// <summary>Memory backends that exist from the start.</summary>
    public IReadOnlyList<MemoryBackendOptions> Backends { get; init; } = [];

    /// <summary>Whether the initial memory, and every backend that does not say, gets its pages when it is made, as QEMU's <c>-mem-prealloc</c>.</summary>
    public bool PreallocateMemory { get; init; }

    /// <summary>The file, or the folder of a nameless file, that the initial memory is in, as QEMU's <c>-mem-path</c>; null for anonymous memory.</summary>
    public string? MemoryPath { get; init; }

    /// <summary>How many bytes get memory while the machine is made.</summary>
    public ulong PreallocatedBytes => Backends.Aggregate(
        PreallocateMemory ? Memory.SizeBytes : 0, (sum, backend) => sum + (backend with { Preallocate = backend.Preallocate ?? PreallocateMemory }).PreallocatedBytes);

    /// <summary>DIMMs that are plugged in from the start.</summary>
    public IReadOnlyList<PcDimmOptions> Dimms { get; init; } = [];

    /// <summary>What to boot.</summary>
    public BootOptions Boot { get; init; } = new();

    /// <summary>True to hold the machine before its first instruction, as QEMU's <c>-S</c>.</summary>
    public bool StartSuspended { get; init; }

    /// <summary>How the simulated guest answers insertions.</summary>
    public SimulatedGuestPolicy PlugPolicy { get; init; }

    /// <summary>How the simulated guest answers removals.</summary>
    public SimulatedGuestPolicy UnplugPolicy { get; init; }

    /// <summary>True to put a debug console on port 0xE9.</summary>
    public bool HasDebugConsole { get; init; }

    /// <summary>True to put a debug exit on port 0xF4.</summary>
    public bool HasDebugExit { get; init; }

    /// <summary>True to put in QEMU's test device, which processor test suites talk to.</summary>
    public bool HasTestDevice { get; init; }

    /// <summary>True to translate hot guest code where the host can; false to interpret everything, with the same results.</summary>
    public bool Translate { get; init; } = true;

    /// <summary>QEMU's <c>split-wx</c>: true when host code is written through a second view of its memory, so that no page is both writable and executable; false when not; null when the host decides.</summary>
    public bool? SplitWx { get; init; }

    /// <summary>True to run interpreter and translator side by side and stop at the first difference: a tool for work on the translator, some fifty times slower.</summary>
    public bool LockStep { get; init; }

    /// <summary>The log file; null for none.</summary>
    public MachineLogOptions? Log { get; init; }

    /// <summary>What a reset that the guest asks for does.</summary>
    public GuestResetAction OnGuestReset { get; init; }

    /// <summary>What a triple fault does.</summary>
    public GuestResetAction OnTripleFault { get; init; }

    /// <summary>The device with which the guest's kernel says that it panicked; null for none.</summary>
    public PanicDevice? Panic { get; init; }

    /// <summary>What happens when it does.</summary>
    public GuestPanicAction OnGuestPanic { get; init; }

    /// <summary>What happens when the host loses a part of a backend's memory, for example because its file was truncated.</summary>
    public MemoryLossAction OnMemoryLoss { get; init; }
}
