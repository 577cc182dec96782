using System.Linq;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>Reads the properties of device_add and -device, in the order of QEMU's checks.</summary>
internal static class DeviceAddition
{
    /// <summary>The one type of device that can be added.</summary>
    internal const string PcDimm = "pc-dimm";

    private static readonly string[] s_abstract = ["device", "memory-backend"];
    private static readonly string[] s_builtIn = ["hpet", "i440FX", "i8042", "ioapic", "isa-pcspk", "isa-pit", "PIIX3", "PIIX4_PM"];

    /// <summary>Reads, checks and plugs.</summary>
    /// <param name="manager">The machine's memory.</param>
    /// <param name="source">The properties, with <c>driver</c> and perhaps <c>id</c> among them.</param>
    /// <exception cref="EngineException">The first check that failed.</exception>
    internal static DimmInfo Add(MemoryHotplugManager manager, PropertySource source)
    {
        string? id = source.Text("id");
        Identifier.Check(id);
        CheckDriver(source);
        manager.CheckDeviceId(id);
        return manager.AddDimm(ReadProperties(source));
    }

    /// <summary>Reads a device that will be plugged when the machine is built.</summary>
    /// <param name="source">The properties.</param>
    /// <exception cref="EngineException">One is unknown or malformed.</exception>
    internal static PcDimmOptions Read(PropertySource source)
    {
        Identifier.Check(source.Text("id"));
        CheckDriver(source);
        return ReadProperties(source);
    }

    private static void CheckDriver(PropertySource source)
    {
        string driver = source.RequiredText("driver");
        if (driver == PcDimm)
            return;
        string message = s_abstract.Contains(driver) ? "Parameter 'driver' expects a non-abstract device type"
            : s_builtIn.Contains(driver) ? "Parameter 'driver' expects a pluggable device type"
            : $"'{driver}' is not a valid device model name";
        throw new EngineException(ErrorIds.UnknownType, EngineErrorCategory.InvalidArgument, message, driver, $"The device that can be added is {PcDimm}.");
    }

    private static PcDimmOptions ReadProperties(PropertySource source)
    {
        if (source.Text("bus") is string bus)
            throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Bus '{bus}' not found", bus, "A DIMM has a slot, not a bus.");
        PcDimmOptions options = new()
        {
            Id = source.Text("id"),
            BackendId = source.Text("memdev"),
            Slot = source.Signed32("slot") ?? -1,
            Address = source.Unsigned64("addr") ?? 0,
            Node = source.Unsigned32("node") ?? 0,
        };
        source.RefuseOthers(name => $"Property 'pc-dimm.{name}' {(name is "size" or "hotplugged" or "hotpluggable" or "realized" or "parent_bus" ? "is not writable" : "not found")}");
        return options;
    }
}
