using System;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.MemoryBackends;

/// <summary>Reads the properties of object-add, object_add and -object.</summary>
internal static class MemoryBackendProperties
{
    /// <summary>The types that can be made on this host.</summary>
    internal static string[] Types => OperatingSystem.IsLinux()
        ? ["memory-backend-file", "memory-backend-memfd", "memory-backend-ram"]
        : ["memory-backend-file", "memory-backend-ram"];

    /// <summary>Reads the properties.</summary>
    /// <param name="source">They, with <c>qom-type</c> and <c>id</c> among them.</param>
    /// <exception cref="EngineException">One is unknown, missing or malformed.</exception>
    internal static MemoryBackendOptions Read(PropertySource source)
    {
        string type = source.RequiredText("qom-type");
        MemoryBackendKind kind = type switch
        {
            "memory-backend-ram" => MemoryBackendKind.Ram,
            "memory-backend-file" => MemoryBackendKind.File,
            "memory-backend-memfd" when OperatingSystem.IsLinux() => MemoryBackendKind.Memfd,
            _ => throw new EngineException(ErrorIds.UnknownType, EngineErrorCategory.InvalidArgument, $"Parameter 'qom-type' does not accept value '{type}'", type, $"The types are {string.Join(", ", Types)}."),
        };
        MemoryBackendOptions options = new()
        {
            Id = source.RequiredText("id"),
            Kind = kind,
            SizeBytes = source.Size("size") ?? throw PropertySource.Missing("size"),
            Share = source.Flag("share"),
            Preallocate = source.Flag("prealloc") ?? false,
            PreallocateThreads = source.Unsigned32("prealloc-threads"),
            Merge = source.Flag("merge") ?? true,
            Dump = source.Flag("dump") ?? true,
            Reserve = source.Flag("reserve") ?? true,
            HostNodes = source.Numbers("host-nodes"),
            HostPolicy = source.Word<HostMemoryPolicy>("policy") ?? HostMemoryPolicy.Default,
        };
        options = kind switch
        {
            MemoryBackendKind.File => options with
            {
                Path = source.RequiredText("mem-path"),
                Align = source.Size("align") ?? 0,
                Offset = source.Size("offset") ?? 0,
                DiscardData = source.Flag("discard-data") ?? false,
                ReadOnly = source.Flag("readonly") ?? false,
                Rom = ReadRom(source),
            },
            MemoryBackendKind.Memfd => options with
            {
                HugeTlb = source.Flag("hugetlb") ?? false,
                HugePageSize = source.Size("hugetlbsize") ?? 0,
                Seal = source.Flag("seal") ?? true,
            },
            _ => options,
        };
        source.RefuseOthers(name => $"Parameter '{name}' is unexpected");
        return options;
    }

    private static bool? ReadRom(PropertySource source) => source.Text("rom") switch
    {
        null or "auto" => null,
        "on" => true,
        "off" => false,
        string other => throw PropertySource.Refused("rom", other),
    };
}
