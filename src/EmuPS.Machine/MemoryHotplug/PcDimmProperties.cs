using System;
using System.Collections.Generic;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>The properties of pc-dimm, declared once, in the order in which QEMU 7.2 sets them.</summary>
internal static class PcDimmProperties
{
    private const string BackendName = "memdev";

    /// <summary>All of them but those that every object has.</summary>
    internal static IReadOnlyList<PcDimmProperty> All { get; } =
    [
        new(BackendName, "link<memory-backend>", dimm => "/objects/" + dimm.BackendId) { Schema = SchemaType.Text, With = (options, value) => options with { BackendId = (string)value } },
        new("parent_bus", "link<bus>", _ => string.Empty),
        new("hotpluggable", "bool", _ => true),
        new("hotplugged", "bool", dimm => dimm.Hotplugged),
        new("realized", "bool", _ => true),
        new("addr", "uint64", dimm => dimm.Address) { Schema = SchemaType.Unsigned64, Default = 0L, With = (options, value) => options with { Address = (ulong)value } },
        new("size", "uint64", dimm => dimm.SizeBytes),
        new("slot", "int32", dimm => dimm.Slot) { Schema = SchemaType.Signed32, Default = -1L, With = (options, value) => options with { Slot = (int)(long)value } },
        new("node", "uint32", dimm => dimm.Node) { Schema = SchemaType.Unsigned32, Default = 0L, With = (options, value) => options with { Node = (uint)(ulong)value } },
    ];

    /// <summary>Reads the properties of a DIMM, and refuses the rest.</summary>
    /// <param name="source">They, with what every device has read already.</param>
    /// <param name="options">What they are put into.</param>
    /// <param name="checkBackend">Refuses the name of a backend that is not there, or null when that comes later.</param>
    /// <exception cref="EngineException">One is unknown, malformed or not writable.</exception>
    internal static PcDimmOptions Read(PropertySource source, PcDimmOptions options, Action<string>? checkBackend)
    {
        foreach (PcDimmProperty property in All)
        {
            if (property is { Schema: { } schema, With: { } with })
            {
                options = source.Take(new SchemaMember(property.Name, schema, IsOptional: true)) is { } value ? with(options, value) : options;
                if (property.Name == BackendName && options.BackendId is { } backend)
                    checkBackend?.Invoke(backend);
            }
            else if (source.Has(property.Name))
            {
                throw new EngineException(ErrorIds.PropertyReadOnly, EngineErrorCategory.InvalidArgument, $"Property 'pc-dimm.{property.Name}' is not writable", property.Name);
            }
        }

        source.RefuseOthers(name => $"Property 'pc-dimm.{name}' not found");
        return options;
    }
}
