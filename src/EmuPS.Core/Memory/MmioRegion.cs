using EmuPS.Core.Addresses;
using EmuPS.Core.Bus;

namespace EmuPS.Core.Memory;

/// <summary>A range of guest physical addresses that a device answers.</summary>
/// <param name="Range">Where the guest sees the device.</param>
/// <param name="Device">The device; it sees offsets from the range's start.</param>
public sealed record MmioRegion(AddressRange Range, IBusDevice Device);
