namespace EmuPS.Machine.Drawing;

/// <summary>A piece of a machine's memory.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Address">Its guest physical address; null for what is not plugged yet.</param>
/// <param name="SizeBytes">Its size in bytes.</param>
/// <param name="Note">What else there is to say.</param>
public sealed record MemoryPart(string Name, MemoryPartKind Kind, ulong? Address, ulong SizeBytes, string Note);
