using System.Collections.Generic;
using System.Linq;
using EmuPS.Core.Memory;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Pc;

/// <content>What monitors see of the machine beyond its public members.</content>
public sealed partial class VirtualMachine : IMachineControl
{
    /// <inheritdoc/>
    PanicDevice? IMachineControl.Panic => Options.Panic;

    /// <inheritdoc/>
    PhysicalMemoryMap IMachineControl.MemoryMap => _hardware.Memory.Map;

    /// <inheritdoc/>
    IReadOnlyList<(ushort First, int Length, string Name)> IMachineControl.Ports => _hardware.Ports.Describe();

    /// <inheritdoc/>
    IReadOnlyList<int> IMachineControl.ProcessorThreads => _threadNumbers;

    /// <inheritdoc/>
    IReadOnlyList<NumaNodeOptions> IMachineControl.NumaNodes =>
    [
        .. NumaTopology.Resolve(Options.NumaNodes, Hotplug.Configuration, Options.CpuCount).Select((node, number) => new NumaNodeOptions
        {
            NodeId = number,
            MemoryBytes = node.MemoryBytes,
            Cpus = node.Processors,
            Distances = node.Distances,
        }),
    ];
}
