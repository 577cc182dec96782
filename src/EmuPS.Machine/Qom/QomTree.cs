using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qom;

/// <summary>QEMU's object tree of a machine: what exists, by path.</summary>
internal sealed class QomTree
{
    /// <summary>Where the chips are.</summary>
    internal const string Chips = "/machine/unattached";

    private const string Container = "container";
    /// <summary>The machine's type.</summary>
    internal const string MachineType = "pc-i440fx-7.2-machine";


    private QomTree(QomNode root) => Root = root;

    /// <summary>The object at the path <c>/</c>.</summary>
    internal QomNode Root { get; }

    /// <summary>Looks at a machine.</summary>
    /// <param name="machine">The machine.</param>
    internal static QomTree Of(IMachineControl machine)
    {
        IReadOnlyList<DimmInfo> dimms = machine.Hotplug.Dimms;
        IEnumerable<(string Path, QomNode Node)> devices = dimms.Select(dimm => (dimm.Path, Dimm(NameIn(dimm.Path), dimm)))
            .Concat(machine.Panic is { } panic ? [(panic.Path, Panic(panic))] : []);
        ILookup<bool, QomNode> byAnonymity = devices.ToLookup(device => device.Path.StartsWith("/machine/peripheral-anon/", StringComparison.Ordinal), device => device.Node);
        QomNode peripheral = Folder("peripheral", byAnonymity[false]);
        QomNode anonymous = Folder("peripheral-anon", byAnonymity[true]);
        QomNode unattached = Folder("unattached", ChipsOf(machine));
        QomNode objects = Folder("objects", machine.Hotplug.Backends.Select(backend => Backend(machine.Hotplug, backend)));
        MemoryConfiguration memory = machine.Hotplug.Configuration;
        QomProperty[] properties =
        [
            new("type", "string", MachineType),
            new("memory", "MemorySizeConfiguration", MemoryOf(memory)),
            new("device-memory-region-size", "int", machine.Hotplug.Layout.DeviceMemorySize),
            new(MemoryLossActions.PropertyName, "MemoryLossAction", machine.Hotplug.MemoryLossAction.ToWord(), value => machine.Hotplug.MemoryLossAction = value is string word
                ? MemoryLossActions.Parse(word)
                : throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Invalid parameter type for '{MemoryLossActions.PropertyName}', expected: string", value)),
        ];
        QomNode node = new("machine", MachineType, properties, [peripheral, anonymous, unattached]);
        return new QomTree(new QomNode("/", Container, [new("type", "string", Container)], [node, objects]).At("/"));
    }

    /// <summary>Finds an object by its path, or by the end of its path when that is unambiguous.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isAmbiguityTold">False to say of several that there is none, as some of QEMU's commands do.</param>
    /// <exception cref="EngineException">There is none, or there are several.</exception>
    internal QomNode Resolve(string path, bool isAmbiguityTold = true)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.StartsWith('/'))
            return Descend(Root, parts) ?? throw NotFound(path);
        List<QomNode> found = [];
        FindPartial(Root, parts, found);
        return (parts.Length == 0 ? 2 : found.Count) switch
        {
            1 => found[0],
            0 => throw NotFound(path),
            _ when !isAmbiguityTold => throw NotFound(path),
            _ => throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Path '{path}' is ambiguous", path),
        };
    }

    private static EngineException NotFound(string path) =>
        new(ErrorIds.DimmNotFound, EngineErrorCategory.ObjectNotFound, $"Device '{path}' not found", path, qmpClass: "DeviceNotFound");

    private static QomNode? Descend(QomNode node, ReadOnlySpan<string> parts)
    {
        foreach (string part in parts)
        {
            QomNode? child = node.Children.FirstOrDefault(c => c.Name == part);
            if (child is null)
                return null;
            node = child;
        }

        return node;
    }

    private static void FindPartial(QomNode node, string[] parts, List<QomNode> found)
    {
        if (parts.Length > 0 && Descend(node, parts) is { } match)
            found.Add(match);
        foreach (QomNode child in node.Children)
            FindPartial(child, parts, found);
    }

    private static QomNode Folder(string name, IEnumerable<QomNode> children) =>
        new(name, Container, [new("type", "string", Container)], [.. children.OrderBy(child => child.Name, StringComparer.Ordinal)]);

    private static IEnumerable<QomNode> ChipsOf(IMachineControl machine)
    {
        HashSet<string> seen = [];
        int number = 0;
        foreach (string type in machine.MemoryMap.Mmio.Select(region => region.Device.GetType().Name).Concat(machine.Ports.Select(port => port.Name)))
        {
            string name = ChipNames.TypeOf(type);
            if (name != PanicDevice.TypeName && seen.Add(name))
                yield return new QomNode($"device[{number++}]", name, OfDevice(name, !ChipNames.IsBuiltIn(name)), []);
        }
    }

    private static object MemoryOf(MemoryConfiguration memory) => memory.SlotCount > 0
        ? QmpObject.Of(("size", memory.SizeBytes), ("slots", memory.Slots), ("max-size", memory.EffectiveMaxSizeBytes))
        : QmpObject.Of(("size", memory.SizeBytes));

    private static string NameIn(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static QomNode Panic(PanicDevice device)
    {
        Action<object?> Fixed(string property) => _ => throw new EngineException(
            ErrorIds.PropertyReadOnly,
            EngineErrorCategory.InvalidOperation,
            $"Attempt to set property '{property}' on {(device.Id is null ? "anonymous device" : $"device '{device.Id}'")} (type '{PanicDevice.TypeName}') after it was realized",
            device.Path);
        return new QomNode(
            NameIn(device.Path),
            PanicDevice.TypeName,
            [
                .. OfDevice(PanicDevice.TypeName, isHotpluggable: true),
                new("ioport", "uint16", (long)device.Port, Fixed("ioport")),
                new("events", "uint8", (long)device.Events, Fixed("events")),
            ],
            []);
    }

    /// <summary>What every device that was there from the start has.</summary>
    private static QomProperty[] OfDevice(string type, bool isHotpluggable) =>
    [
        new("type", "string", type), new("parent_bus", "link<bus>", string.Empty), new("realized", "bool", true), new("hotplugged", "bool", false), new("hotpluggable", "bool", isHotpluggable),
    ];

    private static QomNode Dimm(string name, DimmInfo dimm)
    {
        Action<object?> Fixed(string property) => _ => throw new EngineException(
            ErrorIds.PropertyReadOnly,
            EngineErrorCategory.InvalidOperation,
            $"Attempt to set property '{property}' on {(dimm.Id is null ? "anonymous device" : $"device '{dimm.Id}'")} (type 'pc-dimm') after it was realized",
            dimm.Name);
        return new QomNode(
            name,
            DeviceAddition.PcDimm,
            [
                new("type", "string", DeviceAddition.PcDimm),
                .. PcDimmProperties.All.Select(property => new QomProperty(property.Name, property.Type, property.Get(dimm), property.With is null ? null : Fixed(property.Name))),
            ],
            []);
    }

    private static QomNode Backend(MemoryHotplugManager manager, MemoryBackendInfo backend)
    {
        string type = backend.Options.TypeName;
        List<QomProperty> properties =
        [
            new("type", "string", type),
            .. MemoryBackendProperties.Of(backend.Kind).Select(property => new QomProperty(property.Name, property.Type, property.Get(backend.Options), value => Change(manager, backend, property, value))),
            .. backend.Kind == MemoryBackendKind.Ram ? Array.Empty<QomProperty>() : [new("lost", "bool", backend.IsLost), new("lost-bytes", "size", backend.LostBytes)],
        ];
        return new QomNode(backend.Id, type, properties, []);
    }

    /// <summary>QEMU sees whether the size, a number or a path may change before it looks at the value, and the others after.</summary>
    private static void Change(MemoryHotplugManager manager, MemoryBackendInfo backend, MemoryBackendProperty property, object? value)
    {
        if (property.Schema is not SchemaSize)
            value = property.Schema.Read(property.Name, value ?? DBNull.Value, PropertyDialect.Json);
        if (property.Fixed is { } why)
            throw new EngineException(ErrorIds.PropertyReadOnly, EngineErrorCategory.InvalidOperation, string.Format(CultureInfo.InvariantCulture, why, backend.Options.TypeName), backend.Id);
        property.Change?.Invoke(manager, backend.Id, value!);
    }
}
