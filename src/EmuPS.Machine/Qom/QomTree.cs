using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Qom;

/// <summary>QEMU's object tree of a machine: what exists, by path.</summary>
internal sealed class QomTree
{
    private const string Container = "container";
    private const string MachineType = "pc-i440fx-7.2-machine";

    private QomTree(QomNode root) => Root = root;

    /// <summary>The object at the path <c>/</c>.</summary>
    internal QomNode Root { get; }

    /// <summary>Looks at a machine.</summary>
    /// <param name="machine">The machine.</param>
    internal static QomTree Of(IMachineControl machine)
    {
        IReadOnlyList<DimmInfo> dimms = machine.Hotplug.Dimms;
        QomNode peripheral = Folder("peripheral", dimms.Where(dimm => dimm.Id is not null).Select(dimm => Dimm(dimm.Id!, dimm)));
        QomNode anonymous = Folder("peripheral-anon", dimms.Where(dimm => dimm.Id is null).Select(dimm => Dimm(dimm.Path[(dimm.Path.LastIndexOf('/') + 1)..], dimm)));
        QomNode unattached = Folder("unattached", Chips(machine));
        QomNode objects = Folder("objects", machine.Hotplug.Backends.Select(backend => Backend(machine.Hotplug, backend)));
        MemoryConfiguration memory = machine.Hotplug.Configuration;
        QomProperty[] properties =
        [
            new("type", "string", MachineType),
            new("memory", "MemorySizeConfiguration", MemoryOf(memory)),
            new("device-memory-region-size", "size", machine.Hotplug.Layout.DeviceMemorySize),
            new(MemoryLossActions.PropertyName, "MemoryLossAction", machine.Hotplug.MemoryLossAction.ToWord(), value => machine.Hotplug.MemoryLossAction = value is string word
                ? MemoryLossActions.Parse(word)
                : throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Invalid parameter type for '{MemoryLossActions.PropertyName}', expected: string", value)),
        ];
        QomNode node = new("machine", MachineType, properties, [peripheral, anonymous, unattached]);
        return new QomTree(new QomNode("/", Container, [new("type", "string", Container)], [node, objects]));
    }

    /// <summary>Finds an object by its path, or by the end of its path when that is unambiguous.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="EngineException">There is none, or there are several.</exception>
    internal QomNode Resolve(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.StartsWith('/'))
            return Descend(Root, parts) ?? throw NotFound(path);
        List<QomNode> found = [];
        FindPartial(Root, parts, found);
        return found.Count switch
        {
            0 => throw NotFound(path),
            1 => found[0],
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

    private static IEnumerable<QomNode> Chips(IMachineControl machine)
    {
        HashSet<string> seen = [];
        int number = 0;
        foreach (string type in machine.MemoryMap.Mmio.Select(region => region.Device.GetType().Name).Concat(machine.Ports.Select(port => port.Name)))
        {
            string name = ChipNames.TypeOf(type);
            if (seen.Add(name))
                yield return new QomNode($"device[{number++}]", name, [new("type", "string", name)], []);
        }
    }

    private static object MemoryOf(MemoryConfiguration memory) => memory.SlotCount > 0
        ? QmpObject.Of(("size", memory.SizeBytes), ("slots", memory.Slots), ("max-size", memory.EffectiveMaxSizeBytes))
        : QmpObject.Of(("size", memory.SizeBytes));

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
                new("parent_bus", "link<bus>", string.Empty),
                new("realized", "bool", true),
                new("hotpluggable", "bool", true),
                new("hotplugged", "bool", dimm.Hotplugged),
                new("size", "uint64", dimm.SizeBytes),
                new("addr", "uint64", dimm.Address, Fixed("addr")),
                new("node", "uint32", dimm.Node, Fixed("node")),
                new("slot", "int32", dimm.Slot, Fixed("slot")),
                new("memdev", "link<memory-backend>", "/objects/" + dimm.BackendId, Fixed("memdev")),
            ],
            []);
    }

    private static QomNode Backend(MemoryHotplugManager manager, MemoryBackendInfo backend)
    {
        MemoryBackendOptions options = backend.Options;
        string type = options.TypeName;
        Action<object?> Fixed(string message) => _ => throw new EngineException(ErrorIds.PropertyReadOnly, EngineErrorCategory.InvalidOperation, message, backend.Id);
        static Action<object?> Flag(string name, Action<bool> set) => value => set(value is bool flag ? flag : throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Invalid parameter type for '{name}', expected: boolean", name));
        Action<object?> unchangeable = Fixed("cannot change property value");
        static void Ignored(object? value)
        {
            // Accepted and without effect, as in QEMU.
        }

        List<QomProperty> properties =
        [
            new("type", "string", type),
            .. backend.Options.ToProperties().Select(pair => new QomProperty(pair.Name, pair.Type, pair.Value, pair.Name switch
            {
                // The blank at the end is QEMU's.
                "size" => Fixed($"cannot change property size of {type} "),
                "merge" => Flag("merge", merge => manager.SetBackend(backend.Id, merge: merge)),
                "dump" => Flag("dump", dump => manager.SetBackend(backend.Id, dump: dump)),
                "prealloc" => Flag("prealloc", preallocate => manager.SetBackend(backend.Id, preallocate: preallocate)),
                "prealloc-threads" => value => manager.SetBackend(backend.Id, preallocateThreads: QemuOptions.PropertySource.ToUnsigned(value) is ulong threads and <= uint.MaxValue ? (uint)threads : throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, "Parameter 'prealloc-threads' expects uint32_t", value)),
                "host-nodes" or "policy" => Ignored,
                "mem-path" or "align" => Fixed($"cannot change property '{pair.Name}' of {type}"),
                _ => unchangeable,
            })),
            .. backend.Kind == MemoryBackendKind.Ram ? Array.Empty<QomProperty>() : [new("lost", "bool", backend.IsLost), new("lost-bytes", "size", backend.LostBytes)],
        ];
        return new QomNode(backend.Id, type, properties, []);
    }
}
