using EmuPS.Machine.Pc;

namespace EmuPS.Machine.AcpiTables;

/// <summary>The tables that describe the machine's fixed hardware: FADT, MADT and HPET.</summary>
internal static class FixedTables
{
    // WBINVD, C1, no fixed sleep button, RTC wake is not fixed, platform clock, reset register.
    private const uint FadtFlags = 0x0000_84A5;

    // Legacy devices, an 8042, no VGA.
    private const ushort FadtBootArchitecture = 0x0007;
    private const byte AcpiEnable = 0xF1;
    private const byte AcpiDisable = 0xF0;
    private const byte ResetValue = 0x0F;
    private const byte Century = 0x32;
    private const int FadtLength = 244;
    private const ushort NoLatency = 0xFFF;

    // Level triggered, active high.
    private const ushort LevelHigh = 0x000D;
    private static readonly byte[] _levelInterrupts = [5, 9, 10, 11];

    /// <summary>The fixed description table, revision 3 (ACPI 2.0 and up, 5.2.9).</summary>
    /// <param name="facs">Address of the firmware control structure.</param>
    /// <param name="dsdt">Address of the differentiated table.</param>
    /// <param name="power">The first of the power management ports.</param>
    public static byte[] Fadt(uint facs, uint dsdt, ushort power) => new TableWriter("FACP", 3)
        .U32(facs).U32(dsdt)
        .U8(1).U8(0).U16(PcIoPorts.SciIrq)
        .U32(PcIoPorts.SmiCommand).U8(AcpiEnable).U8(AcpiDisable).U8(0).U8(0)
        .U32(power).U32(0)
        .U32(power + 4u).U32(0)
        .U32(0)
        .U32(power + 8u)
        .U32(PcIoPorts.GeneralEvents).U32(0)
        .U8(4).U8(2).U8(0).U8(4).U8(PcIoPorts.GeneralEventsLength).U8(0).U8(0).U8(0)
        .U16(NoLatency).U16(NoLatency)
        .U16(0).U16(0).U8(0).U8(0)
        .U8(0).U8(0).U8(Century)
        .U16(FadtBootArchitecture).U8(0)
        .U32(FadtFlags)
        .Port(PcIoPorts.ResetControl, 8).U8(ResetValue).U8(0).U8(0).U8(0)
        .U64(facs).U64(dsdt)
        .Port(power, 32).Port(0, 0)
        .Port((ushort)(power + 4), 16).Port(0, 0)
        .Port(0, 0)
        .Port((ushort)(power + 8), 32)
        .Port(PcIoPorts.GeneralEvents, PcIoPorts.GeneralEventsLength * 8).Port(0, 0)
        .PadTo(FadtLength)
        .Finish();

    /// <summary>The interrupt controllers (5.2.12).</summary>
    /// <param name="configuration">What the machine has.</param>
    public static byte[] Madt(AcpiConfiguration configuration)
    {
        TableWriter madt = new TableWriter("APIC", 1).U32(PcIoPorts.LocalApic).U32(1);
        for (int i = 0; i < configuration.ProcessorCount; i++)
        {
            madt.U8(0).U8(8).U8((byte)i).U8((byte)i).U32(1);
        }

        madt.U8(1).U8(12).U8(0).U8(0).U32(PcIoPorts.IoApic).U32(0);
        Override(madt, 0, 2, flags: 0);
        foreach (byte irq in _levelInterrupts)
        {
            Override(madt, irq, irq, LevelHigh);
        }

        // LINT1 of every processor is the NMI.
        return madt.U8(4).U8(6).U8(0xFF).U16(0).U8(1).Finish();
    }

    /// <summary>The event timer (IA-PC HPET specification 1.0a, 3.2.4).</summary>
    public static byte[] Hpet() => new TableWriter("HPET", 1)
        .U32(0x8086_A201)
        .U8(0).U8(0).U8(0).U8(0).U64(PcIoPorts.Hpet)
        .U8(0).U16(0).U8(0)
        .Finish();

    private static void Override(TableWriter madt, byte irq, uint input, ushort flags) => madt.U8(2).U8(10).U8(0).U8(irq).U32(input).U16(flags);
}
