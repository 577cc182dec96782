namespace EmuPS.Machine.Guests;

/// <summary>A memory block as the guest's kernel sees it.</summary>
/// <param name="Index">Its number: its physical address divided by the block size.</param>
/// <param name="Address">Its guest-physical address.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="State">The guest's word for its state: online, offline, going-offline.</param>
/// <param name="Zones">The zone it is in, or the zones it may go to.</param>
/// <param name="Removable">Whether the kernel says that it can be removed.</param>
public sealed record GuestMemoryBlock(ulong Index, ulong Address, ulong SizeBytes, string State, string Zones, bool Removable)
{
    /// <summary>Whether the guest uses it.</summary>
    public bool IsOnline => State == "online";
}
