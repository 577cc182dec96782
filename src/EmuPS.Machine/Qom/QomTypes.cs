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
                new(DeviceAddition.PcDimm, "device", false, [type, .. PcDimmProperties.All.Select(property => new QomTypeProperty(property.Name, property.Type, null, property.Default))]),
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
        MemoryBackendKind kind = MemoryBackendProperties.KindOf(name);
        IEnumerable<QomTypeProperty> declared = MemoryBackendProperties.Of(kind).Select(property => new QomTypeProperty(property.Name, property.Type, property.Description));
        return kind == MemoryBackendKind.Ram ? declared : declared.Concat(
        [
            new("lost", "bool", "Whether the host lost a part of the memory, which reads as zeros"),
            new("lost-bytes", "size", "How much of the memory the host lost"),
        ]);
    }
}
