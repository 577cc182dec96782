namespace EmuPS.Objects;

/// <summary>The memory of a VM as the machine sees it; a snapshot.</summary>
public sealed class EmuMemory : VMPart
{
    internal EmuMemory(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>The memory that the VM started with, in bytes.</summary>
    public long BaseBytes { get; internal init; }

    /// <summary>The memory in its DIMMs, in bytes.</summary>
    public long PluggedBytes { get; internal init; }

    /// <summary>Both together, in bytes.</summary>
    public long TotalBytes => BaseBytes + PluggedBytes;

    /// <summary>What it can have at most, in bytes.</summary>
    public long MaxBytes { get; internal init; }

    /// <summary>The number of its DIMM slots.</summary>
    public int Slots { get; internal init; }

    /// <summary>The number of slots with a DIMM in them.</summary>
    public int SlotsUsed { get; internal init; }

    private protected override string Key => VMName;
}
