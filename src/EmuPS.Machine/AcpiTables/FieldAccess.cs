namespace EmuPS.Machine.AcpiTables;

/// <summary>The flag byte of a field: access width and, in bits 5 and 6, what a write puts into neighbouring bits (ACPI 6.5, 20.2.5.2).</summary>
internal enum FieldAccess : byte
{
    /// <summary>Byte accesses; the other bits are kept.</summary>
    BytePreserve = 0x01,

    /// <summary>Bytes; neighbouring bits are written as zero, so that writing one bit of a control register does nothing else.</summary>
    ByteWriteAsZeros = 0x41,

    /// <summary>Doublewords; neighbouring bits keep their value.</summary>
    DWordPreserve = 0x03,
}
