using System;

namespace EmuPS.Devices.Pci;

/// <summary>The PIIX4 power management function (8086:7113), slot 1 function 3. The registers that it places are in <see cref="Acpi.AcpiPowerManagement"/>.</summary>
public sealed class Piix4Pm : PciDevice
{
    /// <summary>Where firmware puts the power management ports.</summary>
    public const ushort PowerManagementBase = 0x600;

    private const ushort SystemManagementBus = 0x700;
    private const int BaseOffset = 0x40;
    private const int EnableOffset = 0x80;

    private readonly Action<ushort?>? _placed;

    /// <summary>Makes the function as firmware leaves it, with the ports at 0x600 enabled for good and interrupt 9; or as it comes out of reset, for firmware.</summary>
    /// <param name="placed">Called when firmware may have moved the ports: their base, or null while they are off. Null for a machine that has no firmware: the ports stay where the ACPI tables say.</param>
    public Piix4Pm(Action<ushort?>? placed = null)
        : base(0x8086, 0x7113, revision: 3, classCode: 0x06_80_00)
    {
        bool initialized = placed is null;
        _placed = placed;
        if (initialized)
        {
            DefineWord(0x04, 0x0001, writable: 0x0101);
        }

        DefineWord(0x06, 0x0280);
        Define(0x3C, initialized ? (byte)9 : (byte)0, writable: 0xFF);
        Define(0x3D, 1);
        DefineWord(BaseOffset, initialized ? (ushort)(PowerManagementBase | 1) : (ushort)1, writable: initialized ? (ushort)0 : (ushort)0xFFC0);
        Define(0x58, 0x00, writable: 0xFF);

        // For QEMU's firmware a machine without system management mode is one where it has been set up already.
        Define(0x5B, initialized ? (byte)0x00 : (byte)0x02, writable: 0xFF);
        Define(0x5F, 0x90);
        Define(0x63, 0x60);
        Define(0x67, 0x98);
        Define(EnableOffset, initialized ? (byte)0x01 : (byte)0, writable: 0x01);
        DefineWord(0x90, SystemManagementBus | 1);
        Define(0xD2, 0x09);
    }

    /// <summary>Where the ports are, or null while they are off.</summary>
    public ushort? PortBase => (ReadConfiguration(EnableOffset, 1) & 1) != 0 ? (ushort)(ReadConfiguration(BaseOffset, 2) & 0xFFC0) : null;

    /// <inheritdoc/>
    protected override void ConfigurationWritten(int offset)
    {
        if (offset is BaseOffset or BaseOffset + 1 or EnableOffset)
        {
            _placed?.Invoke(PortBase);
        }
    }
}
