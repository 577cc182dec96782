namespace EmuPS.Machine.AcpiTables;

/// <summary>A place in the image of the tables.</summary>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="Length">Number of bytes.</param>
internal sealed record TablePart(int Start, int Length);
