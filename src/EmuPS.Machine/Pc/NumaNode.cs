using System.Collections.Generic;

namespace EmuPS.Machine.Pc;

/// <summary>A NUMA node of the guest. Nodes are numbered in the order in which they are given.</summary>
/// <param name="MemoryBytes">The node's part of the initial RAM; all nodes together hold all of it.</param>
/// <param name="Processors">The processors of the node, by number.</param>
/// <param name="Distances">The distance to each other node by number; 20 where none is given, 10 to itself.</param>
public sealed record NumaNode(ulong MemoryBytes, IReadOnlyList<int> Processors, IReadOnlyDictionary<int, byte>? Distances = null);
