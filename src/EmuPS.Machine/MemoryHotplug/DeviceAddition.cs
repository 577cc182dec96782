using EmuPS.Machine.Pc;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp.Schema;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>Reads the properties of device_add and -device, in the order of QEMU's checks.</summary>
internal static class DeviceAddition
{
    /// <summary>The one type of device that can be added to a machine that is there.</summary>
    internal const string PcDimm = "pc-dimm";

    private const int LongestBusName = 127;
    private static readonly SchemaMember s_driver = new("driver", SchemaType.Text);
    private static readonly SchemaMember s_bus = new("bus", SchemaType.Text, IsOptional: true);
    private static readonly SchemaMember s_id = new("id", SchemaType.Text, IsOptional: true);

    /// <summary>What every device takes; the rest are the device's properties, which the schema cannot say.</summary>
    internal static SchemaObject Arguments { get; } = new(s_driver, s_bus, s_id) { IsOpen = true };

    /// <summary>Reads, checks and plugs.</summary>
    /// <param name="manager">The machine's memory.</param>
    /// <param name="source">The properties, with <c>driver</c> and perhaps <c>id</c> among them.</param>
    /// <exception cref="EngineException">The first check that failed.</exception>
    internal static DimmInfo Add(MemoryHotplugManager manager, PropertySource source)
    {
        string? id = (string?)source.Take(s_id);
        Identifier.Check(id);
        CheckDriver(source.TakeText(s_driver.Name), isRunning: true);
        CheckBus((string?)source.Take(s_bus), PcDimm);
        manager.CheckDeviceId(id);
        return manager.AddDimm(PcDimmProperties.Read(source, new PcDimmOptions { Id = id }, manager.CheckBackendOfDevice));
    }

    /// <summary>Reads a device that will be there when the machine is built.</summary>
    /// <param name="source">The properties.</param>
    /// <returns><see cref="PcDimmOptions"/> or <see cref="PanicDevice"/>.</returns>
    /// <exception cref="EngineException">One is unknown or malformed.</exception>
    internal static object Read(PropertySource source)
    {
        string? id = (string?)source.Take(s_id);
        Identifier.Check(id);
        string driver = source.TakeText(s_driver.Name);
        string? bus = (string?)source.Take(s_bus);
        if (driver == PanicDevice.TypeName)
        {
            if (bus is not "isa.0")
                CheckBus(bus, driver);
            return PanicDevice.Read(source, id);
        }

        CheckDriver(driver, isRunning: false);
        CheckBus(bus, driver);
        return PcDimmProperties.Read(source, new PcDimmOptions { Id = id }, checkBackend: null);
    }

    private static void CheckDriver(string driver, bool isRunning)
    {
        if (driver == PcDimm)
            return;
        string message = ChipNames.IsAbstract(driver) ? "Parameter 'driver' expects a non-abstract device type"
            : ChipNames.IsBuiltIn(driver) ? "Parameter 'driver' expects a pluggable device type"
            : isRunning && ChipNames.IsOnIsaBus(driver) ? "Bus 'isa.0' does not support hotplugging"
            : $"'{driver}' is not a valid device model name";
        throw new EngineException(ErrorIds.UnknownType, EngineErrorCategory.InvalidArgument, message, driver, $"The device that can be added is {PcDimm}.");
    }

    private static void CheckBus(string? bus, string driver)
    {
        if (bus is null)
            return;
        string name = bus.Split('/')[0];
        name = name.Length > LongestBusName ? name[..LongestBusName] : name;
        string message = name switch
        {
            "pci.0" => Unfit("PCI"),
            "isa.0" => Unfit("ISA"),
            "main-system-bus" => Unfit("System"),
            _ => $"Bus '{name}' not found",
        };
        throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, message, bus, "A DIMM has a slot, not a bus.");

        string Unfit(string type) => $"Device '{driver}' can't go on {type} bus";
    }
}
