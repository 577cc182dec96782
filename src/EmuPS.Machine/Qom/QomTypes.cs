using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qom;

/// <summary>The types of objects that a machine can have.</summary>
internal static class QomTypes
{
    private const string Object = "object";
    private const string DeviceType = "device";

    private static readonly QomTypeProperty s_type = new("type", "string");
    private static readonly QomTypeProperty[] s_device = [s_type, new("realized", "bool"), new("hotpluggable", "bool"), new("hotplugged", "bool"), new("parent_bus", "link<bus>")];

    /// <summary>The chips and what they derive from, as in QEMU; the second of a pair derives from the first.</summary>
    private static readonly (string Parent, string[] Types)[] s_abstract =
    [
        (DeviceType, ["apic-common", "isa-device", "pci-device", "sys-bus-device"]),
        ("isa-device", ["pic-common", "pit-common"]),
        ("pci-device", ["pci-piix3"]),
        ("sys-bus-device", ["fw_cfg", "ioapic-common", "pci-host-bridge"]),
    ];

    private static readonly (string Parent, string[] Types)[] s_chips =
    [
        ("apic-common", ["apic"]),
        ("fw_cfg", ["fw_cfg_io"]),
        ("ioapic-common", ["ioapic"]),
        ("isa-device", ["i8042", "isa-debug-exit", "isa-debugcon", "isa-pcspk", "isa-serial", "mc146818rtc", "pc-testdev", "port92"]),
        ("pci-device", ["PIIX4_PM", "i440FX"]),
        ("pci-host-bridge", ["i440FX-pcihost"]),
        ("pci-piix3", ["PIIX3"]),
        ("pic-common", ["isa-i8259"]),
        ("pit-common", ["isa-pit"]),
        ("sys-bus-device", ["hpet"]),
    ];

    /// <summary>All types.</summary>
    internal static IReadOnlyList<QomType> All { get; } =
    [
        new("container", Object, false, [s_type]),
        new(DeviceType, Object, true, s_device),
        new("memory-backend", Object, true, [s_type, .. Common]),
        .. MemoryBackendProperties.Types.Select(name => new QomType(name, "memory-backend", false, [s_type, .. Backend(name)])),
        new(Object, null, true, [s_type]),
        new(DeviceAddition.PcDimm, DeviceType, false, [s_type, .. PcDimmProperties.All.Select(property => new QomTypeProperty(property.Name, property.Type, null, property.Default))]),
        new(PanicDevice.TypeName, "isa-device", false, [.. s_device, new("ioport", "uint16", null, (long)PcIoPorts.Panic), new("events", "uint8", null, 3L)]),
        .. s_abstract.SelectMany(pair => pair.Types.Select(type => new QomType(type, pair.Parent, true, s_device))),
        .. s_chips.SelectMany(pair => pair.Types.Select(type => new QomType(type, pair.Parent, false, s_device))),
        new("machine", Object, true, [s_type, .. OfMachine]),
        new("x86-machine", "machine", true, [s_type, .. OfMachine]),
        new("generic-pc-machine", "x86-machine", true, [s_type, .. OfMachine]),
        new(QomTree.MachineType, "generic-pc-machine", false, [s_type, .. OfMachine]),
    ];

    private static QomTypeProperty[] OfMachine => [new("memory", "MemorySizeConfiguration", "Memory size configuration"), new("device-memory-region-size", "int"), new(MemoryLossActions.PropertyName, "MemoryLossAction")];

    private static IEnumerable<QomTypeProperty> Common => Backend("memory-backend-ram");

    /// <summary>Finds a type.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="EngineException">There is none.</exception>
    internal static QomType Find(string name) => All.FirstOrDefault(type => type.Name == name)
        ?? throw new EngineException(ErrorIds.UnknownType, EngineErrorCategory.ObjectNotFound, $"Class '{name}' not found", name, qmpClass: "DeviceNotFound");

    /// <summary>Finds a type of devices.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="EngineException">There is none, or none of devices.</exception>
    internal static QomType Device(string name) => All.FirstOrDefault(type => type.Name == name) is not { } found
        ? throw new EngineException(ErrorIds.UnknownType, EngineErrorCategory.ObjectNotFound, $"Device '{name}' not found", name, qmpClass: "DeviceNotFound")
        : found.IsAbstract || !found.Implements(DeviceType) ? throw PropertyError.Expects("typename", "a non-abstract device type") : found;

    private static IEnumerable<QomTypeProperty> Backend(string name)
    {
        MemoryBackendKind kind = MemoryBackendProperties.KindOf(name);
        IEnumerable<QomTypeProperty> declared = MemoryBackendProperties.Of(kind).Select(property => new QomTypeProperty(property.Name, property.Type, property.Description));
        return kind == MemoryBackendKind.Ram ? declared : declared.Concat(
        [
            new("lost", "bool", "Whether the host lost a part of the memory, which reads as zeros"),
            new("lost-bytes", "size", "How much of the memory the host lost"),
        ]);
    }
}
