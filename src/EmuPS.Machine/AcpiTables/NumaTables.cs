using System.Collections.Generic;
using EmuPS.Core.Addresses;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;

namespace EmuPS.Machine.AcpiTables;

/// <summary>The tables that say which processors and which memory belong together: SRAT (ACPI 6.5, 5.2.16) and SLIT (5.2.17).</summary>
internal static class NumaTables
{
    private const uint Enabled = 1;
    private const uint HotPluggable = 2;
    private const ulong HoleStart = 640 * ByteSize.KiB;
    private const ulong HoleEnd = ByteSize.MiB;
    private const byte LocalDistance = 10;
    private const byte RemoteDistance = 20;

    /// <summary>The affinity table. Its last entry announces the region for memory devices: without it Linux makes no provision for memory above 4 GiB and Windows allows no hotplug.</summary>
    /// <param name="configuration">What the machine has.</param>
    public static byte[] Srat(AcpiConfiguration configuration)
    {
        IReadOnlyList<NumaNode> nodes = configuration.Nodes;
        TableWriter srat = new TableWriter("SRAT", 1).U32(1).U64(0);
        for (int processor = 0; processor < configuration.ProcessorCount; processor++)
        {
            byte node = (byte)NodeOf(nodes, processor);
            srat.U8(0).U8(16).U8(node).U8((byte)processor).U32(Enabled).U32(0).U32(0);
        }

        int ranges = 0;
        MemoryLayout layout = configuration.Layout;
        ulong position = 0;
        for (int node = 0; node < nodes.Count; node++)
        {
            ulong end = position + nodes[node].MemoryBytes;
            ranges += Range(srat, node, position, ulong.Min(end, HoleStart));
            ranges += Range(srat, node, ulong.Max(position, HoleEnd), ulong.Min(end, layout.LowBytes));
            if (end > layout.LowBytes)
            {
                ulong high = MemoryLayout.HighMemoryBase - layout.LowBytes;
                ranges += Range(srat, node, ulong.Max(position, layout.LowBytes) + high, end + high);
            }

            position = end;
        }

        // QEMU fills up to this many entries with disabled ones.
        for (; ranges < nodes.Count + 2; ranges++)
        {
            Memory(srat, 0, 0, 0, 0);
        }

        if (layout.HasDeviceMemory)
        {
            Memory(srat, nodes.Count - 1, layout.DeviceMemoryBase, layout.DeviceMemorySize, Enabled | HotPluggable);
        }

        return srat.Finish();
    }

    /// <summary>The distances between nodes.</summary>
    /// <param name="nodes">The nodes.</param>
    public static byte[] Slit(IReadOnlyList<NumaNode> nodes)
    {
        TableWriter slit = new TableWriter("SLIT", 1).U64((ulong)nodes.Count);
        for (int from = 0; from < nodes.Count; from++)
        {
            for (int to = 0; to < nodes.Count; to++)
            {
                slit.U8(from == to ? LocalDistance : Distance(nodes, from, to) ?? Distance(nodes, to, from) ?? RemoteDistance);
            }
        }

        return slit.Finish();
    }

    private static byte? Distance(IReadOnlyList<NumaNode> nodes, int from, int to) =>
        nodes[from].Distances.TryGetValue(to, out byte distance) ? distance : null;

    private static int NodeOf(IReadOnlyList<NumaNode> nodes, int processor)
    {
        for (int node = 0; node < nodes.Count; node++)
        {
            foreach (int candidate in nodes[node].Processors)
            {
                if (candidate == processor)
                {
                    return node;
                }
            }
        }

        return 0;
    }

    private static int Range(TableWriter srat, int node, ulong start, ulong end)
    {
        if (end <= start)
        {
            return 0;
        }

        Memory(srat, node, start, end - start, Enabled);
        return 1;
    }

    private static void Memory(TableWriter srat, int node, ulong start, ulong length, uint flags) =>
        srat.U8(1).U8(40).U32((uint)node).U16(0).U64(start).U64(length).U32(0).U32(flags).U64(0);
}
