namespace EmuPS.Devices.Pci;

/// <summary>The PIIX3 ISA bridge (8086:7000), slot 1 function 0, with the PCI interrupt routing registers.</summary>
public sealed class Piix3Isa : PciDevice
{
    private const byte NotRouted = 0x80;

    /// <summary>Makes the bridge as firmware leaves it, with the four PCI interrupts on ISA interrupts 10, 10, 11 and 11; or as it comes out of reset.</summary>
    /// <param name="initialized">False for a machine that has firmware, which sets the bridge up.</param>
    public Piix3Isa(bool initialized = true)
        : base(0x8086, 0x7000, revision: 0, classCode: 0x06_01_00)
    {
        if (initialized)
        {
            DefineWord(0x04, 0x0007, writable: 0x0008);
        }

        DefineWord(0x06, 0x0200);
        Define(0x0E, 0x80);
        Define(0x4C, 0x4D, writable: 0xFF);
        DefineWord(0x4E, 0x0003, writable: 0x07FF);
        for (int offset = 0x60; offset <= 0x63; offset++)
        {
            byte routed = offset < 0x62 ? (byte)10 : (byte)11;
            Define(offset, initialized ? routed : NotRouted, writable: 0x8F);
        }

        Define(0x69, 0x02, writable: 0xFE);
        Define(0x70, 0x80, writable: 0xEF);
    }
}
