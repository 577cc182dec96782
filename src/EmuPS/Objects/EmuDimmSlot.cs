using System.Globalization;

namespace EmuPS.Objects;

/// <summary>A DIMM slot of a VM, taken or free; a snapshot.</summary>
public sealed class EmuDimmSlot : VMPart
{
    internal EmuDimmSlot(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>Its number, from 0.</summary>
    public int Slot { get; internal init; }

    /// <summary>The id of the DIMM in it; null when it is free.</summary>
    public string? DimmId { get; internal init; }

    /// <summary>Whether no DIMM is in it.</summary>
    public bool IsFree => DimmId is null;

    /// <summary>The state of the DIMM in it; null when it is free.</summary>
    public EmuDimmState? State { get; internal init; }

    /// <summary>The event that the guest last answered for this slot; 0 when it never did.</summary>
    public uint OstSource { get; internal init; }

    /// <summary>The guest's last answer for this slot.</summary>
    public uint OstStatus { get; internal init; }

    private protected override string Key => Slot.ToString(CultureInfo.InvariantCulture);
}
