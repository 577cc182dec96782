using System.Globalization;
using static EmuPS.Machine.AcpiTables.Aml;

namespace EmuPS.Machine.AcpiTables;

/// <summary>The AML that the guest runs for memory hotplug. The objects' names are QEMU's and part of what guests and test suites know.</summary>
/// <remarks>
/// The registers have one selector, so every method that touches them holds the mutex, selects the slot, works and releases.
/// The control byte is written without its other bits: each of them is an action of its own.
/// </remarks>
internal static class MemoryHotplugAml
{
    private const string Registers = @"\_SB.PCI0.MHPD";
    private const string Region = Registers + ".HPMR";
    private const string Container = @"\_SB.MHPC";
    private const int DeviceCheck = 1;
    private const int EjectRequest = 3;

    /// <summary>The device that owns the ports, the container of the DIMM devices, and the event's method.</summary>
    /// <param name="slots">1 to 256.</param>
    /// <param name="port">First port of the registers.</param>
    /// <param name="length">Number of ports.</param>
    /// <param name="gpe">The event's number.</param>
    public static byte[] Build(int slots, ushort port, int length, int gpe) => Join(
        Device(
            Registers,
            Name("_HID", Text("PNP0A06")),
            Name("_UID", Text("Memory hotplug resources")),
            Name("_CRS", AmlResources.Template(AmlResources.Ports(port, length))),
            PortRegion("HPMR", port, length)),
        Device(
            Container,
            Name("_HID", Text("PNP0A06")),
            Name("_UID", Text("DIMM devices")),
            Name("MDNR", Integer((ulong)slots)),
            Field(
                Region, FieldAccess.DWordPreserve,
                new("MRBL", 0x00 * 8, 32), new("MRBH", 0x04 * 8, 32), new("MRLL", 0x08 * 8, 32), new("MRLH", 0x0C * 8, 32), new("MPX", 0x10 * 8, 32)),
            Field(
                Region, FieldAccess.ByteWriteAsZeros,
                new("MES", 0x14 * 8, 1), new("MINS", (0x14 * 8) + 1, 1), new("MRMV", (0x14 * 8) + 2, 1), new("MEJ", (0x14 * 8) + 3, 1)),
            Field(Region, FieldAccess.DWordPreserve, new("MSEL", 0x00 * 8, 32), new("MOEV", 0x04 * 8, 32), new("MOSC", 0x08 * 8, 32)),
            Mutex("MLCK"),
            Method("_STA", 0, serialized: false, Return(Integer(0x0B))),
            Scan(),
            Status(),
            CurrentResources(),
            Locked("MPXM", 1, Store(Path("MPX"), Local(0))),
            LockedStatement("MOST", 4, Store(Arg(1), Path("MOEV")), Store(Arg(2), Path("MOSC"))),
            LockedStatement("MEJ0", 2, Store(One, Path("MEJ"))),
            NotifySlot(slots),
            Dimms(slots)),
        Scope(@"\_GPE", Method("_E" + gpe.ToString("X2", CultureInfo.InvariantCulture), 0, serialized: false, Call(Container + ".MSCN"))));

    // A slot with both events gets the insertion now; the removal waits for the next event.
    private static byte[] Scan() => Method(
        "MSCN", 0, serialized: false,
        Acquire("MLCK"),
        Store(Zero, Local(0)),
        While(
            Less(Local(0), Path("MDNR")),
            Store(Local(0), Path("MSEL")),
            If(
                Equal(Path("MINS"), One),
                Call("MTFY", Local(0), Integer(DeviceCheck)),
                Store(One, Path("MINS"))),
            Else(
                If(
                    Equal(Path("MRMV"), One),
                    Call("MTFY", Local(0), Integer(EjectRequest)),
                    Store(One, Path("MRMV")))),
            Increment(Local(0))),
        Release("MLCK"),
        Return(One));

    private static byte[] Status() => Locked(
        "MRST", 1,
        Store(Zero, Local(0)),
        If(Equal(Path("MES"), One), Store(Integer(0x0F), Local(0))));

    // Maximum = minimum + length - 1, in halves: a 32-bit AML table has no 64-bit arithmetic.
    private static byte[] CurrentResources() => Method(
        "MCRS", 1, serialized: true,
        Acquire("MLCK"),
        ToInteger(Arg(0), Path("MSEL")),
        Name("MR64", AmlResources.Template(AmlResources.DeviceMemory64())),
        CreateDWordField("MR64", 14, "MINL"),
        CreateDWordField("MR64", 18, "MINH"),
        CreateDWordField("MR64", 22, "MAXL"),
        CreateDWordField("MR64", 26, "MAXH"),
        CreateDWordField("MR64", 38, "LENL"),
        CreateDWordField("MR64", 42, "LENH"),
        Store(Path("MRBH"), Path("MINH")),
        Store(Path("MRBL"), Path("MINL")),
        Store(Path("MRLH"), Path("LENH")),
        Store(Path("MRLL"), Path("LENL")),
        Add(Path("MINL"), Path("LENL"), Path("MAXL")),
        Add(Path("MINH"), Path("LENH"), Path("MAXH")),
        If(Less(Path("MAXL"), Path("MINL")), Add(Path("MAXH"), One, Path("MAXH"))),
        If(Equal(Path("MAXL"), Zero), Subtract(Path("MAXH"), One, Path("MAXH"))),
        Subtract(Path("MAXL"), One, Path("MAXL")),
        If(
            Equal(Path("MAXH"), Zero),
            Name("MR32", AmlResources.Template(AmlResources.DeviceMemory32())),
            CreateDWordField("MR32", 10, "MIN"),
            CreateDWordField("MR32", 14, "MAX"),
            CreateDWordField("MR32", 22, "LEN"),
            Store(Path("MINL"), Path("MIN")),
            Store(Path("MAXL"), Path("MAX")),
            Store(Path("LENL"), Path("LEN")),
            Release("MLCK"),
            Return(Path("MR32"))),
        Release("MLCK"),
        Return(Path("MR64")));

    private static byte[] NotifySlot(int slots)
    {
        byte[][] tests = new byte[slots][];
        for (int slot = 0; slot < slots; slot++)
        {
            tests[slot] = If(Equal(Arg(0), Integer((ulong)slot)), Notify(DimmName(slot), Arg(1)));
        }

        return Method("MTFY", 2, serialized: false, tests);
    }

    private static byte[] Dimms(int slots)
    {
        byte[][] devices = new byte[slots][];
        for (int slot = 0; slot < slots; slot++)
        {
            devices[slot] = Device(
                DimmName(slot),
                Name("_UID", Text("0x" + slot.ToString("X2", CultureInfo.InvariantCulture))),
                Name("_HID", EisaId("PNP0C80")),
                Method("_CRS", 0, serialized: false, Return(Call("MCRS", Path("_UID")))),
                Method("_STA", 0, serialized: false, Return(Call("MRST", Path("_UID")))),
                Method("_PXM", 0, serialized: false, Return(Call("MPXM", Path("_UID")))),
                Method("_OST", 3, serialized: false, Call("MOST", Path("_UID"), Arg(0), Arg(1), Arg(2))),
                Method("_EJ0", 1, serialized: false, Call("MEJ0", Path("_UID"), Arg(0))));
        }

        return Join(devices);
    }

    private static string DimmName(int slot) => "MP" + slot.ToString("X2", CultureInfo.InvariantCulture);

    /// <summary>A method that selects the slot of its first argument, works under the mutex and returns local variable 0.</summary>
    private static byte[] Locked(string name, int arguments, params byte[][] work) => Method(
        name, arguments, serialized: false, [Acquire("MLCK"), ToInteger(Arg(0), Path("MSEL")), .. work, Release("MLCK"), Return(Local(0))]);

    /// <summary>The same without a result.</summary>
    private static byte[] LockedStatement(string name, int arguments, params byte[][] work) => Method(
        name, arguments, serialized: false, [Acquire("MLCK"), ToInteger(Arg(0), Path("MSEL")), .. work, Release("MLCK")]);
}
