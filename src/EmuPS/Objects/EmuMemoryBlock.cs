using System.Globalization;

namespace EmuPS.Objects;

/// <summary>A memory block as the guest's kernel sees it; a snapshot.</summary>
public sealed class EmuMemoryBlock : VMPart
{
    internal EmuMemoryBlock(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>Its number: its address divided by the size of a block.</summary>
    public long Index { get; internal init; }

    /// <summary>Its guest-physical address.</summary>
    public ulong Address { get; internal init; }

    /// <summary>Its size in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>Its state in the guest's words: online, offline or going-offline.</summary>
    public string State { get; internal init; } = "";

    /// <summary>The zone it is in, or those it may go to.</summary>
    public string Zones { get; internal init; } = "";

    /// <summary>Whether the guest's kernel says that it can be removed.</summary>
    public bool Removable { get; internal init; }

    /// <summary>The id of the DIMM that it is on; null when it is the machine's main memory.</summary>
    public string? DimmId { get; internal init; }

    private protected override string Key => Index.ToString(CultureInfo.InvariantCulture);
}
