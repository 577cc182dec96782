namespace EmuPS.Machine.MemoryHotplug;

/// <summary>A machine's memory in numbers, all in bytes.</summary>
/// <param name="BaseBytes">Initial memory.</param>
/// <param name="PluggedBytes">Memory of all DIMMs, cold-plugged ones included.</param>
/// <param name="MaxBytes">What both together may reach.</param>
/// <param name="SlotCount">Number of DIMM slots.</param>
/// <param name="FreeSlots">Slots without a DIMM.</param>
public sealed record MemorySizeSummary(ulong BaseBytes, ulong PluggedBytes, ulong MaxBytes, int SlotCount, int FreeSlots)
{
    /// <summary>Initial and plugged memory.</summary>
    public ulong TotalBytes => BaseBytes + PluggedBytes;

    /// <summary>What may still be plugged.</summary>
    public ulong FreeBytes => MaxBytes - TotalBytes;
}
