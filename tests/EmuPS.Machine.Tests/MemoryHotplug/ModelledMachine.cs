using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>The rules of backends, slots, addresses and registers in a few lines, to compare a machine with.</summary>
internal sealed class ModelledMachine(int slotCount, ulong regionBase, ulong capacity)
{
    private readonly ulong _regionEnd = regionBase + capacity + ((ulong)slotCount << 30);

    internal sealed record Dimm(string Id, string Backend, ulong Address, ulong Size);

    /// <summary>What is plugged where.</summary>
    public Dimm?[] Slots { get; } = new Dimm?[slotCount];

    /// <summary>The backends' sizes and alignments.</summary>
    public Dictionary<string, (ulong Size, ulong Alignment)> Backends { get; } = [];

    /// <summary>Each slot's events that the guest has not cleared, and its last report. They outlive the DIMM and the reset.</summary>
    public (bool Insert, bool Remove, uint Source, uint Status)[] Registers { get; } = new (bool, bool, uint, uint)[slotCount];

    public bool RemoveBackend(string id) => !Slots.Any(dimm => dimm?.Backend == id) && Backends.Remove(id);

    public bool Plug(string id, string backend, int slot, ulong address)
    {
        if (Slots.Any(d => d?.Id == id || d?.Backend == backend) || !Backends.TryGetValue(backend, out (ulong Size, ulong Alignment) memory) || slot < -1 || slot >= slotCount)
            return false;
        int chosen = slot >= 0 ? slot : System.Array.IndexOf(Slots, null);
        if (chosen < 0 || Slots[chosen] is not null || memory.Size % memory.Alignment != 0 || address % memory.Alignment != 0)
            return false;
        if (Slots.Aggregate(memory.Size, (sum, d) => sum + (d?.Size ?? 0)) > capacity)
            return false;
        // The lowest place is the region's start or right behind a DIMM.
        ulong at = address != 0 ? address : Slots.OfType<Dimm>().Select(d => (d.Address + d.Size + memory.Alignment - 1) / memory.Alignment * memory.Alignment)
            .Append(regionBase).Where(a => IsFree(a, memory.Size)).DefaultIfEmpty().Min();
        if (at == 0 || !IsFree(at, memory.Size))
            return false;
        Slots[chosen] = new Dimm(id, backend, at, memory.Size);
        Registers[chosen].Insert = true;
        return true;
    }

    public bool RequestRemoval(string id)
    {
        int slot = System.Array.FindIndex(Slots, dimm => dimm?.Id == id);
        if (slot >= 0)
            Registers[slot].Remove = true;
        return slot >= 0;
    }

    private bool IsFree(ulong address, ulong size) =>
        address >= regionBase && address + size <= _regionEnd && !Slots.OfType<Dimm>().Any(d => d.Address < address + size && address < d.Address + d.Size);
}
