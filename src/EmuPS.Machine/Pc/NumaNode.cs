using System.Collections.Generic;

namespace EmuPS.Machine.Pc;

/// <summary>A NUMA node of the guest with everything filled in.</summary>
/// <param name="MemoryBytes">The node's part of the initial RAM; all nodes together hold all of it.</param>
/// <param name="Processors">The processors of the node, by number.</param>
/// <param name="Distances">The distance to other nodes by number, where one was given.</param>
internal sealed record NumaNode(ulong MemoryBytes, IReadOnlyList<int> Processors, IReadOnlyDictionary<int, byte> Distances);
