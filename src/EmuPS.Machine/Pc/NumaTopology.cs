using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Pc;

/// <summary>Fills in what the description of NUMA nodes leaves open.</summary>
internal static class NumaTopology
{
    private const int MaximumNodes = 128;
    private static readonly Dictionary<int, byte> s_noDistances = [];

    /// <summary>Resolves the nodes by number.</summary>
    /// <param name="options">The nodes as described; with none, a machine that can grow gets one node that holds everything.</param>
    /// <param name="memory">The machine's memory.</param>
    /// <param name="processorCount">Number of processors.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.InvalidNumaConfiguration"/>, with QEMU's words.</exception>
    public static IReadOnlyList<NumaNode> Resolve(IReadOnlyList<NumaNodeOptions> options, MemoryConfiguration memory, int processorCount)
    {
        int[] all = [.. Enumerable.Range(0, processorCount)];
        if (options.Count == 0)
        {
            // Windows allows hotplug, and Linux provides for memory above 4 GiB, only if there are nodes.
            return memory.SlotCount > 0 || memory.DeviceMemoryBytes > 0 ? [new NumaNode(memory.SizeBytes, all, s_noDistances)] : [];
        }

        NumaNodeOptions[] ordered = Order(options);
        HashSet<int> placed = [];
        foreach (int processor in ordered.SelectMany(node => node.Cpus))
        {
            if (processor < 0 || processor >= processorCount || !placed.Add(processor))
            {
                throw Invalid($"CPU index ({processor}) should be smaller than maxcpus ({processorCount}) and belong to one node");
            }
        }

        ulong[] sizes = Sizes(ordered, memory.SizeBytes);
        int[] homeless = [.. all.Where(processor => !placed.Contains(processor))];
        return [.. ordered.Select((node, i) => new NumaNode(sizes[i], i == 0 ? [.. node.Cpus, .. homeless] : node.Cpus, node.Distances))];
    }

    private static NumaNodeOptions[] Order(IReadOnlyList<NumaNodeOptions> options)
    {
        NumaNodeOptions?[] nodes = new NumaNodeOptions?[MaximumNodes];
        int next = 0;
        foreach (NumaNodeOptions node in options)
        {
            int id = node.NodeId ?? next;
            if (id is < 0 or >= MaximumNodes)
            {
                throw Invalid($"Max number of NUMA nodes reached: {id}");
            }

            if (nodes[id] is not null)
            {
                throw Invalid($"Duplicate NUMA nodeid: {id}");
            }

            if (node.BackendId is not null)
            {
                throw new EngineException(
                    ErrorIds.InvalidNumaConfiguration, EngineErrorCategory.NotImplemented, "A NUMA node's initial memory cannot come from a backend of its own.",
                    node.BackendId, "Give the node a size; the initial memory is one backend, pc.ram.");
            }

            nodes[id] = node;
            next = id + 1;
        }

        for (int id = 0; id < options.Count; id++)
        {
            if (nodes[id] is null)
            {
                throw Invalid($"numa: Node ID missing: {id}");
            }
        }

        return [.. nodes.Take(options.Count).Select(node => node!)];
    }

    private static ulong[] Sizes(NumaNodeOptions[] nodes, ulong ramSize)
    {
        if (nodes.All(node => node.MemoryBytes is null))
        {
            const ulong Unit = 8 << 20;
            ulong share = ramSize / (ulong)nodes.Length & ~(Unit - 1);
            return [.. nodes.Select((_, i) => i < nodes.Length - 1 ? share : ramSize - (share * (ulong)(nodes.Length - 1)))];
        }

        ulong[] sizes = [.. nodes.Select(node => node.MemoryBytes ?? 0)];
        ulong total = sizes.Aggregate(0UL, (sum, size) => sum + size);
        return total == ramSize ? sizes : throw Invalid($"total memory for NUMA nodes (0x{total:x}) should equal RAM size (0x{ramSize:x})");
    }

    private static EngineException Invalid(string message) => new(ErrorIds.InvalidNumaConfiguration, EngineErrorCategory.InvalidArgument, message);
}
