using System;

namespace EmuPS.Devices.Pci;

/// <summary>What the 440FX does with accesses to one of the areas from 0xC0000 to 0xFFFFF: the two bits of its PAM registers (82441FX datasheet, 3.2.16).</summary>
[Flags]
public enum ShadowAccess
{
    /// <summary>Reads and writes go to the bus, where the ROM is.</summary>
    None = 0,

    /// <summary>Reads come from RAM.</summary>
    Read = 1,

    /// <summary>Writes go to RAM.</summary>
    Write = 2,

    /// <summary>The area is RAM.</summary>
    ReadWrite = 3,
}
