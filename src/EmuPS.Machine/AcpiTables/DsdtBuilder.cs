using System.Globalization;
using EmuPS.Machine.Pc;
using static EmuPS.Machine.AcpiTables.Aml;

namespace EmuPS.Machine.AcpiTables;

/// <summary>The AML of the machine: its buses, its ISA devices, its sleep states and memory hotplug.</summary>
internal static class DsdtBuilder
{
    private const int Slots = 32;
    private const uint WindowEnd = PcIoPorts.IoApic - 1;

    // The PIIX3 puts the four PCI interrupts on these ISA interrupts; slots take them in turn.
    private static readonly int[] _pciInterrupts = [10, 10, 11, 11];

    /// <summary>The definition block's contents.</summary>
    /// <param name="configuration">What the machine has.</param>
    public static byte[] Build(AcpiConfiguration configuration) => Join(
        Scope(@"\_SB", PciHost(configuration.Layout.LowBytes), Hpet(), Processors(configuration.ProcessorCount)),
        Scope(@"\_SB.PCI0", IsaBridge(configuration.PanicPort), GeneralEventResources()),

        // Soft off is sleep type 0 of the PM1a control register.
        Name(@"\_S5", List(Zero, Zero, Zero, Zero)),
        Scope(@"\_GPE", Name("_HID", Text("ACPI0006"))),
        configuration.MemorySlots == 0
            ? []
            : MemoryHotplugAml.Build(
                configuration.MemorySlots, PcIoPorts.MemoryHotplug, PcIoPorts.MemoryHotplugLength, PcIoPorts.MemoryHotplugGpe));

    /// <summary>The windows leave out the configuration ports and all memory that is or may become RAM.</summary>
    private static byte[] PciHost(ulong lowRam) => Device(
        "PCI0",
        Name("_HID", EisaId("PNP0A03")),
        Name("_ADR", Zero),
        Name("_UID", Zero),
        Name("_CRS", AmlResources.Template(
            AmlResources.BusNumbers(0, 0xFF),
            AmlResources.Ports(PcIoPorts.PciAddress, 8),
            AmlResources.PortWindow(0, PcIoPorts.PciAddress - 1),
            AmlResources.PortWindow(PcIoPorts.PciData + 4, 0xFFFF),
            AmlResources.MemoryWindow(0xA_0000, 0xB_FFFF, cacheable: true),
            AmlResources.MemoryWindow((uint)lowRam, WindowEnd, cacheable: false))),
        Name("_PRT", InterruptRouting()));

    private static byte[] InterruptRouting()
    {
        byte[][] routes = new byte[Slots * 4][];
        for (int slot = 0; slot < Slots; slot++)
        {
            for (int pin = 0; pin < 4; pin++)
            {
                // The power management function's pin is wired to the SCI.
                int irq = slot == 1 && pin == 0 ? PcIoPorts.SciIrq : _pciInterrupts[(slot + pin + 3) & 3];
                routes[(slot * 4) + pin] = List(Integer(((ulong)slot << 16) | 0xFFFF), Integer((ulong)pin), Zero, Integer((ulong)irq));
            }
        }

        return List(routes);
    }

    private static byte[] IsaBridge(ushort? panicPort) => Device(
        "ISA",
        Name("_ADR", Integer(0x0001_0000)),
        Device(
            "RTC",
            Name("_HID", EisaId("PNP0B00")),
            Name("_CRS", AmlResources.Template(AmlResources.Ports(PcIoPorts.Rtc, 2), AmlResources.Irq(PcIoPorts.RtcIrq)))),
        Device(
            "KBD",
            Name("_HID", EisaId("PNP0303")),
            Name("_CRS", AmlResources.Template(
                AmlResources.Ports(PcIoPorts.KeyboardData, 1),
                AmlResources.Ports(PcIoPorts.KeyboardCommand, 1),
                AmlResources.Irq(PcIoPorts.KeyboardIrq)))),
        Device(
            "MOU",
            Name("_HID", EisaId("PNP0F13")),
            Name("_CRS", AmlResources.Template(AmlResources.Irq(PcIoPorts.MouseIrq)))),
        SerialPort("COM1", 1, PcIoPorts.Serial1, PcIoPorts.Serial1Irq),
        SerialPort("COM2", 2, PcIoPorts.Serial2, PcIoPorts.Serial2Irq),
        panicPort is { } port ? Panic(port) : []);

    /// <summary>QEMU's names: its own driver in Windows calls the methods, Linux's takes the port.</summary>
    private static byte[] Panic(ushort port) => Device(
        "PEVT",
        Name("_HID", Text("QEMU0001")),
        Name("_CRS", AmlResources.Template(AmlResources.Ports(port, 1))),
        PortRegion("PEOR", port, 1),
        Field("PEOR", FieldAccess.BytePreserve, new AmlField("PEPT", 0, 8)),
        Name("_STA", Integer(0x0F)),
        Method("RDPT", 0, serialized: false, Return(Path("PEPT"))),
        Method("WRPT", 1, serialized: false, Store(Arg(0), Path("PEPT"))));

    private static byte[] SerialPort(string name, int id, ushort port, int irq) => Device(
        name,
        Name("_HID", EisaId("PNP0501")),
        Name("_UID", Integer((ulong)id)),
        Name("_STA", Integer(0x0F)),
        Name("_CRS", AmlResources.Template(AmlResources.Ports(port, 8), AmlResources.Irq(irq))));

    private static byte[] GeneralEventResources() => Device(
        "GPE0",
        Name("_HID", Text("PNP0A06")),
        Name("_UID", Text("GPE0 resources")),
        Name("_CRS", AmlResources.Template(AmlResources.Ports(PcIoPorts.GeneralEvents, PcIoPorts.GeneralEventsLength))));

    private static byte[] Hpet() => Device(
        "HPET",
        Name("_HID", EisaId("PNP0103")),
        Name("_UID", Zero),
        Name("_STA", Integer(0x0F)),
        Name("_CRS", AmlResources.Template(AmlResources.Memory32(PcIoPorts.Hpet, PcIoPorts.HpetLength))));

    private static byte[] Processors(int count)
    {
        byte[][] devices = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            devices[i] = Device(
                "C" + i.ToString("X3", CultureInfo.InvariantCulture),
                Name("_HID", Text("ACPI0007")),
                Name("_UID", Integer((ulong)i)));
        }

        return Device("CPUS", [Name("_HID", Text("ACPI0010")), Name("_CID", EisaId("PNP0A05")), .. devices]);
    }
}
