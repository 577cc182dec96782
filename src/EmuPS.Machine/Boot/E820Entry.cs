namespace EmuPS.Machine.Boot;

/// <summary>A range of the memory map.</summary>
/// <param name="Start">First address.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Type">What it is.</param>
internal sealed record E820Entry(ulong Start, ulong Size, E820Type Type);
