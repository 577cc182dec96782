namespace EmuPS.Devices.Pci;

/// <summary>The PIIX4 power management function (8086:7113), slot 1 function 3. The registers that it places are in <see cref="Acpi.AcpiPowerManagement"/>.</summary>
public sealed class Piix4Pm : PciDevice
{
    /// <summary>Where firmware puts the power management ports.</summary>
    public const ushort PowerManagementBase = 0x600;

    private const ushort SystemManagementBus = 0x700;

    /// <summary>Makes the function as firmware leaves it: the ports at 0x600 enabled, interrupt 9.</summary>
    /// <remarks>The base registers are shown but not writable: the ports stay where the ACPI tables say.</remarks>
    public Piix4Pm()
        : base(0x8086, 0x7113, revision: 3, classCode: 0x06_80_00)
    {
        DefineWord(0x04, 0x0001, writable: 0x0101);
        DefineWord(0x06, 0x0280);
        Define(0x3C, 9, writable: 0xFF);
        Define(0x3D, 1);
        DefineWord(0x40, PowerManagementBase | 1);
        Define(0x58, 0x00, writable: 0xFF);
        Define(0x5B, 0x00, writable: 0xFF);
        Define(0x5F, 0x90);
        Define(0x63, 0x60);
        Define(0x67, 0x98);
        Define(0x80, 0x01, writable: 0x01);
        DefineWord(0x90, SystemManagementBus | 1);
        Define(0xD2, 0x09);
    }
}
