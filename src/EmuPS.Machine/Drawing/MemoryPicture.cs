using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using EmuPS.Core.Memory;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Drawing;

/// <summary>What a picture of a machine's memory shows: its parts in the order of their addresses, and its slots.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Summary">The sums.</param>
/// <param name="Parts">Main memory, DIMMs, and what may still be plugged.</param>
/// <param name="Slots">The slots.</param>
public sealed record MemoryPicture(string Name, MemorySizeSummary Summary, IReadOnlyList<MemoryPart> Parts, IReadOnlyList<DimmSlotInfo> Slots)
{
    private const ulong Mebibyte = 1 << 20;

    /// <summary>One line with the sums.</summary>
    public string Title => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Summary.TotalBytes / Mebibyte} of {Summary.MaxBytes / Mebibyte} MiB, {Summary.SlotCount - Summary.FreeSlots} of {Summary.SlotCount} slots");

    /// <summary>Looks at a machine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="hotplug">Its memory.</param>
    /// <param name="guest">What the guest itself says, where it can be asked.</param>
    public static MemoryPicture Of(string name, MemoryHotplugManager hotplug, GuestMemoryInfo? guest = null)
    {
        MemoryLayout layout = hotplug.Layout;
        MemorySizeSummary summary = hotplug.Summary;
        // Counting pages takes time, which a picture that is drawn four times a second does not have for any size.
        bool counts = (ulong)summary.TotalBytes <= TouchedPages.MostBytes;
        List<MemoryPart> parts = [new("RAM", MemoryPartKind.Main, 0, layout.LowBytes, Note(guest, 0, layout.LowBytes, Touched(MemoryHotplugManager.MainBackendId)))];
        parts.Add(new("hole", MemoryPartKind.Hole, layout.LowBytes, MemoryLayout.HighMemoryBase - layout.LowBytes, "devices"));
        if (layout.HighBytes > 0)
        {
            // The two pieces are one backend, whose pages the first one tells of.
            parts.Add(new("RAM", MemoryPartKind.Main, MemoryLayout.HighMemoryBase, layout.HighBytes, Note(guest, MemoryLayout.HighMemoryBase, layout.HighBytes, null)));
        }

        foreach (DimmInfo dimm in hotplug.Dimms.OrderBy(dimm => dimm.Address))
        {
            MemoryPartKind kind = dimm.State switch
            {
                DimmState.Pending or DimmState.UnplugPending => MemoryPartKind.Moving,
                DimmState.Rejected => MemoryPartKind.Rejected,
                _ => MemoryPartKind.Dimm,
            };
            string seat = $"slot {dimm.Slot}, {dimm.State}, over {dimm.BackendId}";
            string more = Note(guest, dimm.Address, dimm.SizeBytes, Touched(dimm.BackendId));
            parts.Add(new(dimm.Name, kind, dimm.Address, dimm.SizeBytes, more.Length == 0 ? seat : $"{seat}; {more}"));
        }

        if (summary.FreeBytes > 0)
        {
            string region = string.Create(
                CultureInfo.InvariantCulture, $"for DIMMs, from 0x{layout.DeviceMemoryBase:x12} to 0x{layout.DeviceMemoryBase + layout.DeviceMemorySize - 1:x12}");
            parts.Add(new("free", MemoryPartKind.Free, null, summary.FreeBytes, region));
        }

        return new MemoryPicture(name, summary, parts, hotplug.Slots);

        ulong? Touched(string backendId)
        {
            try
            {
                return counts ? hotplug.GetTouchedBytes(backendId) : null;
            }
            catch (EngineException)
            {
                // It went with its DIMM a moment ago.
                return null;
            }
        }
    }

    // What the guest does with a range: how many of its blocks it uses, in which zones, and how much of it it has touched.
    private static string Note(GuestMemoryInfo? guest, ulong address, ulong size, ulong? touched)
    {
        List<string> words = [];
        if (guest is not null && guest.Blocks.Where(block => block.Address >= address && block.Address - address < size).ToArray() is { Length: > 0 } blocks)
        {
            GuestMemoryBlock[] online = [.. blocks.Where(block => block.IsOnline)];
            string zones = string.Join('/', online.SelectMany(block => block.Zones.Split(' ')).Where(zone => zone is not ("" or "none")).Distinct());
            words.Add(string.Create(CultureInfo.InvariantCulture, $"{online.Length} of {blocks.Length} blocks online{(zones.Length == 0 ? "" : " in " + zones)}"));
        }

        if (touched is { } bytes)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"{(bytes + Mebibyte - 1) / Mebibyte} MiB touched"));
        return string.Join(", ", words);
    }
}
