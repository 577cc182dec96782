using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Drawing;

/// <summary>What a picture of a machine's memory shows: its parts in the order of their addresses, and its slots.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Summary">The sums.</param>
/// <param name="Parts">Main memory, DIMMs, and what may still be plugged.</param>
/// <param name="Slots">The slots.</param>
public sealed record MemoryPicture(string Name, MemorySizeSummary Summary, IReadOnlyList<MemoryPart> Parts, IReadOnlyList<DimmSlotInfo> Slots)
{
    private const long Mebibyte = 1 << 20;

    /// <summary>One line with the sums.</summary>
    public string Title => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Summary.TotalBytes / Mebibyte} of {Summary.MaxBytes / Mebibyte} MiB, {Summary.SlotCount - Summary.FreeSlots} of {Summary.SlotCount} slots");

    /// <summary>Looks at a machine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="hotplug">Its memory.</param>
    public static MemoryPicture Of(string name, MemoryHotplugManager hotplug)
    {
        MemoryLayout layout = hotplug.Layout;
        MemorySizeSummary summary = hotplug.Summary;
        List<MemoryPart> parts = [new("RAM", MemoryPartKind.Main, 0, layout.LowBytes, "")];
        if (layout.HighBytes > 0)
            parts.Add(new("RAM", MemoryPartKind.Main, MemoryLayout.HighMemoryBase, layout.HighBytes, ""));
        foreach (DimmInfo dimm in hotplug.Dimms.OrderBy(dimm => dimm.Address))
        {
            MemoryPartKind kind = dimm.State switch
            {
                DimmState.Pending or DimmState.UnplugPending => MemoryPartKind.Moving,
                DimmState.Rejected => MemoryPartKind.Rejected,
                _ => MemoryPartKind.Dimm,
            };
            parts.Add(new(dimm.Name, kind, dimm.Address, dimm.SizeBytes, $"slot {dimm.Slot}, {dimm.State}, over {dimm.BackendId}"));
        }

        if (summary.FreeBytes > 0)
            parts.Add(new("free", MemoryPartKind.Free, null, summary.FreeBytes, ""));
        return new MemoryPicture(name, summary, parts, hotplug.Slots);
    }
}
