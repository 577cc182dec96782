using System.Text;
using EmuPS.Devices.Firmware;
using EmuPS.Machine.AcpiTables;
using EmuPS.Machine.Boot;

namespace EmuPS.Machine.Pc;

/// <summary>What only firmware asks the configuration device for: the ACPI tables, the kernel that it may start, what it is to do.</summary>
internal static class FirmwareItems
{
    private const ushort KeyUuid = 0x02;
    private const ushort KeyNoGraphic = 0x04;
    private const ushort KeyBootMenu = 0x0E;
    private const ushort KeyIrq0Override = 0x8002;

    /// <summary>Adds the items.</summary>
    /// <param name="hardware">The machine.</param>
    /// <param name="acpi">What the tables say.</param>
    /// <param name="kernel">The kernel; null for none.</param>
    /// <exception cref="EngineException">The kernel does not fit; see <see cref="BootErrorIds"/>.</exception>
    public static void Add(PcHardware hardware, AcpiConfiguration acpi, FirmwareKernel? kernel)
    {
        FwCfg device = hardware.Configuration;
        device.AddItem(KeyUuid, new byte[16]);

        // The console is the first serial port.
        device.AddItem(KeyNoGraphic, [1, 0]);
        device.AddItem(KeyBootMenu, [0, 0]);
        device.AddItem(KeyIrq0Override, [1, 0, 0, 0]);

        // Without a boot device firmware stops; the machine can be on and off, nothing in between.
        device.AddFile("etc/boot-fail-wait", [0xFF, 0xFF, 0xFF, 0xFF]);
        device.AddFile("etc/system-states", [0x80, 0, 0, 0, 0, 0x80]);
        device.AddFile("bootorder", kernel is null ? [] : Encoding.ASCII.GetBytes(LinuxOptionRom.BootDevice + "\0"));

        // The tables name the power management ports, which firmware places before it fetches them.
        device.AddFile(AcpiTableFiles.RootPointerName, () => Files().RootPointer);
        device.AddFile(AcpiTableFiles.TablesName, () => Files().Tables);
        device.AddFile(AcpiTableFiles.ScriptName, () => Files().Script);
        if (kernel is not null)
        {
            kernel.Offer(device, acpi.Layout);
            device.AddFile(LinuxOptionRom.FileName, LinuxOptionRom.Make());
        }

        AcpiTableFiles Files() => new(AcpiTableSet.Build(
            hardware.PowerFunction.PortBase is { } port ? acpi with { PowerManagement = port } : acpi));
    }
}
