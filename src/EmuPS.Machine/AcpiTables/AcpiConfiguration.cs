using System.Collections.Generic;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;

namespace EmuPS.Machine.AcpiTables;

/// <summary>What the ACPI tables have to say about a machine.</summary>
/// <param name="Layout">Where memory lies.</param>
/// <param name="MemorySlots">Number of DIMM slots, 0 to 256.</param>
/// <param name="ProcessorCount">Number of processors, at least 1.</param>
/// <param name="Nodes">The NUMA nodes; empty when the machine says nothing of nodes.</param>
internal sealed record AcpiConfiguration(MemoryLayout Layout, int MemorySlots, int ProcessorCount, IReadOnlyList<NumaNode> Nodes)
{
    /// <summary>The port of the device for the guest's panics, or null.</summary>
    public ushort? PanicPort { get; init; }

    /// <summary>Where the power management ports are: firmware may have moved them.</summary>
    public ushort PowerManagement { get; init; } = PcIoPorts.PowerManagement;
}
