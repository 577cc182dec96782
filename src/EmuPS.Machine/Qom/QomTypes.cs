using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Qom;

/// <summary>The types of objects that a machine can have.</summary>
internal static class QomTypes
{
    /// <summary>All types by name.</summary>
    internal static IReadOnlyList<QomType> All
    {
        get
        {
            QomTypeProperty type = new("type", "string");
            QomTypeProperty[] device = [type, new("realized", "bool"), new("hotpluggable", "bool"), new("hotplugged", "bool"), new("parent_bus", "link<bus>")];
            return
            [
                new("container", "object", false, [type]),
                new("device", "object", true, device),
                new("memory-backend", "object", true, [type, .. Common]),
                .. MemoryBackendProperties.Types.Select(name => new QomType(name, "memory-backend", false, [type, .. Backend(name)])),
                new("object", null, true, [type]),
                new(DeviceAddition.PcDimm, "device", false,
                [
                    .. device,
                    new("addr", "uint64", null, 0L),
                    new("memdev", "link<memory-backend>"),
                    new("node", "uint32", null, 0L),
                    new("size", "uint64"),
                    new("slot", "int32", null, -1L),
                ]),
            ];
        }
    }

    private static IEnumerable<QomTypeProperty> Common => Backend("memory-backend-ram");

    /// <summary>Finds a type.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="EngineException">There is none.</exception>
    internal static QomType Find(string name) => All.FirstOrDefault(type => type.Name == name)
        ?? throw new EngineException(ErrorIds.UnknownType, EngineErrorCategory.ObjectNotFound, $"Class '{name}' not found", name, qmpClass: "DeviceNotFound");

    /// <summary>Finds a type of devices.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="EngineException">There is none.</exception>
    internal static QomType Device(string name) => All.FirstOrDefault(type => type.Name == name && type.Implements("device"))
        ?? throw new EngineException(ErrorIds.UnknownType, EngineErrorCategory.ObjectNotFound, $"Device '{name}' not found", name, qmpClass: "DeviceNotFound");

    private static IEnumerable<QomTypeProperty> Backend(string name)
    {
        MemoryBackendOptions defaults = new()
        {
            Kind = name switch
            {
                "memory-backend-file" => MemoryBackendKind.File,
                "memory-backend-memfd" => MemoryBackendKind.Memfd,
                _ => MemoryBackendKind.Ram,
            },
        };
        IEnumerable<(string Name, string Type)> known = defaults.ToProperties().Select(property => (property.Name, property.Type));
        if (defaults.Kind != MemoryBackendKind.Ram)
            known = known.Concat([("lost", "bool"), ("lost-bytes", "size")]);
        return known.Select(property => new QomTypeProperty(property.Name, property.Type, Describe(property.Name)));
    }

    private static string? Describe(string property) => property switch
    {
        "size" => "Size of the memory region (ex: 500M)",
        "share" => "Mark the memory as private to QEMU or shared",
        "prealloc" => "Preallocate memory",
        "prealloc-threads" => "Number of CPU threads to use for prealloc",
        "merge" => "Mark memory as mergeable",
        "dump" => "Set to 'off' to exclude from core dump",
        "reserve" => "Reserve swap space (or huge pages) if applicable",
        "host-nodes" => "Binds memory to the list of NUMA host nodes",
        "policy" => "Set the NUMA policy",
        "hugetlb" => "Use huge pages",
        "hugetlbsize" => "Huge pages size (ex: 2M, 1G)",
        "seal" => "Seal growing & shrinking",
        "lost" => "Whether the host lost a part of the memory, which reads as zeros",
        "lost-bytes" => "How much of the memory the host lost",
        _ => null,
    };
}
