using System;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>Which DIMM is in which slot, and which slot the next one takes.</summary>
internal sealed class DimmSlotTable
{
    private readonly PcDimm?[] _slots;

    internal DimmSlotTable(int slotCount) => _slots = new PcDimm?[slotCount];

    internal int Count => _slots.Length;

    internal PcDimm? this[int slot] => _slots[slot];

    /// <summary>The DIMMs by ascending slot.</summary>
    internal IEnumerable<PcDimm> Dimms => _slots.OfType<PcDimm>();

    /// <summary>The DIMMs by ascending address.</summary>
    internal List<PcDimm> ByAddress()
    {
        // Not by OrderBy: with a number as its key the host would have to compile it first, in the middle of the first plug.
        List<PcDimm> dimms = [.. Dimms];
        dimms.Sort(static (a, b) => a.Address.CompareTo(b.Address));
        return dimms;
    }

    internal void Put(PcDimm dimm) => _slots[dimm.Slot] = dimm;

    internal void Clear(int slot) => _slots[slot] = null;

    /// <summary>Finds the slot for a new DIMM.</summary>
    /// <param name="requested">A slot, or -1 for the lowest free one.</param>
    /// <exception cref="EngineException">There is none.</exception>
    internal int Choose(int requested)
    {
        if (requested != -1 && (uint)requested >= (uint)_slots.Length)
        {
            // The upper bound is computed without a sign, as in QEMU, where no slots give 2^64 - 1.
            ulong last = unchecked((ulong)_slots.Length - 1);
            throw new EngineException(ErrorIds.DimmSlotOutOfRange, EngineErrorCategory.InvalidArgument, $"invalid slot number {requested}, valid range is [0-{last}]", requested);
        }

        if (_slots.Length == 0)
        {
            throw new EngineException(ErrorIds.NoDimmSlots, EngineErrorCategory.InvalidOperation, "no slots where allocated, please specify the 'slots' option", null, "Start the machine with -Slots and -MaxMemory.");
        }

        if (requested == -1)
        {
            int free = Array.IndexOf(_slots, null);
            return free >= 0
                ? free
                : throw new EngineException(ErrorIds.NoFreeDimmSlot, EngineErrorCategory.LimitsExceeded, "no free slots available", null, "Remove a DIMM, or start the machine with more slots.");
        }

        return _slots[requested] is null
            ? requested
            : throw new EngineException(ErrorIds.DimmSlotOccupied, EngineErrorCategory.ResourceExists, $"slot {requested} is busy", requested, "Leave the slot out to take the first free one.");
    }
}
