namespace EmuPS.Machine.AcpiTables;

/// <summary>A named run of bits in a region of registers.</summary>
/// <param name="Name">Up to four characters.</param>
/// <param name="FirstBit">Offset from the start of the region, in bits.</param>
/// <param name="Bits">Length in bits.</param>
internal readonly record struct AmlField(string Name, int FirstBit, int Bits);
