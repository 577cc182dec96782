namespace EmuPS.Objects;

/// <summary>The memory of a VM as its guest sees it; a snapshot.</summary>
public sealed class EmuGuestMemory : VMPart
{
    internal EmuGuestMemory(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>What the guest's kernel counts as its memory, in bytes (<c>/proc/meminfo</c>).</summary>
    public long MemTotal { get; internal init; }

    /// <summary>What is not in use, in bytes.</summary>
    public long MemFree { get; internal init; }

    /// <summary>What a new program could have, in bytes.</summary>
    public long MemAvailable { get; internal init; }

    /// <summary>The size of the blocks in which the guest takes memory and lets it go, in bytes; 0 when it does not say.</summary>
    public long BlockSizeBytes { get; internal init; }

    /// <summary>The number of blocks that it has.</summary>
    public int Blocks { get; internal init; }

    /// <summary>The number of blocks that it uses.</summary>
    public int BlocksOnline { get; internal init; }

    /// <summary>What it does with new memory, in its own words (<c>auto_online_blocks</c>).</summary>
    public string OnlinePolicy { get; internal init; } = "";

    private protected override string Key => VMName;
}
