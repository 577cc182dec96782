using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.MemoryBackends;

/// <summary>The properties of memory backends, declared once, in the order in which QEMU's schema has them and its checks go.</summary>
internal static class MemoryBackendProperties
{
    private const string NoChange = "cannot change property value";
    private static readonly SchemaEnum s_policy = SchemaEnum.Of<HostMemoryPolicy>();
    private static readonly SchemaEnum s_rom = new("on", "off", "auto");

    private static readonly MemoryBackendProperty[] s_common =
    [
        new("dump", SchemaType.Flag, "bool", o => o.Dump, (o, value) => o with { Dump = (bool)value })
        {
            Description = "Set to 'off' to exclude from core dump",
            Change = (manager, id, value) => manager.SetBackend(id, dump: (bool)value),
        },
        new("host-nodes", SchemaType.Unsigned16.List, "int", o => o.HostNodes.Select(node => (object?)(long)node).ToList(), (o, value) => o with { HostNodes = Nodes(value) })
        {
            Description = "Binds memory to the list of NUMA host nodes",
            Change = (_, _, value) => MemoryBackendFactory.CheckHostNodes(Nodes(value)),
        },
        new("merge", SchemaType.Flag, "bool", o => o.Merge, (o, value) => o with { Merge = (bool)value })
        {
            Description = "Mark memory as mergeable",
            Change = (manager, id, value) => manager.SetBackend(id, merge: (bool)value),
        },
        new("policy", s_policy, "HostMemPolicy", o => o.HostPolicy.ToString().ToLowerInvariant(), (o, value) => o with { HostPolicy = Enum.Parse<HostMemoryPolicy>((string)value, ignoreCase: true) })
        {
            Description = "Set the NUMA policy",
        },
        new("prealloc", SchemaType.Flag, "bool", o => o.Preallocate ?? false, (o, value) => o with { Preallocate = (bool)value })
        {
            Description = "Preallocate memory",
            Change = (manager, id, value) => manager.SetBackend(id, preallocate: (bool)value),
        },
        new("prealloc-threads", SchemaType.Unsigned32, "int", o => (long)(o.PreallocateThreads ?? 1), (o, value) => o with { PreallocateThreads = (uint)(ulong)value })
        {
            Description = "Number of CPU threads to use for prealloc",
            Change = (manager, id, value) => manager.SetBackend(id, preallocateThreads: (uint)(ulong)value),
        },
        new("share", SchemaType.Flag, "bool", o => o.Share ?? o.Kind == MemoryBackendKind.Memfd, (o, value) => o with { Share = (bool)value })
        {
            Description = "Mark the memory as private to QEMU or shared",
            Fixed = NoChange,
        },
        new("reserve", SchemaType.Flag, "bool", o => o.Reserve, (o, value) => o with { Reserve = (bool)value })
        {
            Description = "Reserve swap space (or huge pages) if applicable",
            Fixed = NoChange,
        },

        // The blank at the end of the message is QEMU's.
        new("size", SchemaType.Size, "int", o => o.SizeBytes ?? 0, (o, value) => o with { SizeBytes = (ulong)value })
        {
            IsRequired = true,
            Description = "Size of the memory region (ex: 500M)",
            Fixed = "cannot change property size of {0} ",
        },
    ];

    private static readonly MemoryBackendProperty[] s_file =
    [
        .. s_common,
        new("align", SchemaType.Size, "int", o => o.Align, (o, value) => o with { Align = (ulong)value }) { Fixed = "cannot change property 'align' of {0}" },
        new("offset", SchemaType.Size, "int", o => o.Offset, (o, value) => o with { Offset = (ulong)value }) { Fixed = "cannot change property 'offset' of {0}" },
        new("discard-data", SchemaType.Flag, "bool", o => o.DiscardData, (o, value) => o with { DiscardData = (bool)value })
        {
            Change = (manager, id, value) => manager.SetBackend(id, discardData: (bool)value),
        },
        new("mem-path", SchemaType.Text, "string", o => o.Path, (o, value) => o with { Path = (string)value }) { IsRequired = true, Fixed = "cannot change property 'mem-path' of {0}" },
        new("readonly", SchemaType.Flag, "bool", o => o.ReadOnly, (o, value) => o with { ReadOnly = (bool)value }) { Fixed = "cannot change property 'readonly' of {0}." },
        new("rom", s_rom, "OnOffAuto", o => o.Rom switch { true => "on", false => "off", null => "auto" }, (o, value) => o with { Rom = value switch { "on" => true, "off" => false, _ => null } })
        {
            Fixed = "cannot change property 'rom' of {0}.",
        },
    ];

    private static readonly MemoryBackendProperty[] s_memfd =
    [
        .. s_common,
        new("hugetlb", SchemaType.Flag, "bool", o => o.HugeTlb, (o, value) => o with { HugeTlb = (bool)value }) { Description = "Use huge pages", Fixed = NoChange },
        new("hugetlbsize", SchemaType.Size, "int", o => o.HugePageSize, WithHugePageSize) { Description = "Huge pages size (ex: 2M, 1G)", Fixed = NoChange },
        new("seal", SchemaType.Flag, "bool", o => o.Seal, (o, value) => o with { Seal = (bool)value }) { Description = "Seal growing & shrinking", Fixed = NoChange },
    ];

    /// <summary>The types that can be made on this host.</summary>
    internal static string[] Types => OperatingSystem.IsLinux()
        ? ["memory-backend-file", "memory-backend-memfd", "memory-backend-ram"]
        : ["memory-backend-file", "memory-backend-ram"];

    /// <summary>The words of <c>policy</c>.</summary>
    internal static SchemaEnum Policy => s_policy;

    /// <summary>The arguments of object-add.</summary>
    internal static SchemaObject ObjectOptions { get; } = new(new SchemaMember("qom-type", new SchemaEnum(Types)), new SchemaMember("id", SchemaType.Text))
    {
        Tag = "qom-type",
        Variants = [.. Types.Select(type => (type, new SchemaObject([.. Of(KindOf(type)).Select(property => property.Member)])))],
    };

    /// <summary>The properties of a kind.</summary>
    /// <param name="kind">The kind.</param>
    internal static IReadOnlyList<MemoryBackendProperty> Of(MemoryBackendKind kind) => kind switch
    {
        MemoryBackendKind.File => s_file,
        MemoryBackendKind.Memfd => s_memfd,
        _ => s_common,
    };

    /// <summary>The kind that a type's name means.</summary>
    /// <param name="type">One of <see cref="Types"/>.</param>
    internal static MemoryBackendKind KindOf(string type) => type switch
    {
        "memory-backend-file" => MemoryBackendKind.File,
        "memory-backend-memfd" => MemoryBackendKind.Memfd,
        _ => MemoryBackendKind.Ram,
    };

    /// <summary>Reads what somebody wrote for object_add or -object.</summary>
    /// <param name="source">The properties, with <c>qom-type</c> and <c>id</c> among them.</param>
    /// <exception cref="EngineException">One is unknown, missing or malformed.</exception>
    internal static MemoryBackendOptions Read(PropertySource source) => From(source.Read(ObjectOptions));

    /// <summary>Makes options of values.</summary>
    /// <param name="values">What <see cref="ObjectOptions"/> read.</param>
    internal static MemoryBackendOptions From(IReadOnlyDictionary<string, object?> values)
    {
        MemoryBackendOptions options = new() { Id = (string?)values["id"], Kind = KindOf((string)values["qom-type"]!) };
        return Of(options.Kind).Where(property => values.ContainsKey(property.Name)).Aggregate(options, (made, property) => property.With(made, values[property.Name]!));
    }

    private static List<ushort> Nodes(object value) => [.. ((List<object?>)value).Select(node => (ushort)(ulong)node!)];

    /// <summary>Left out, the size is the host's; 0 is none, as in QEMU.</summary>
    private static MemoryBackendOptions WithHugePageSize(MemoryBackendOptions options, object value) => value is not 0UL
        ? options with { HugePageSize = (ulong)value }
        : throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, "Property 'memory-backend-memfd.hugetlbsize' doesn't take value '0'", value, "Leave it out for the host's own size.");
}
