using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Machine.MemoryBackends;

/// <summary>The properties of a backend by QEMU's names and types.</summary>
internal static class MemoryBackendPropertyList
{
    /// <summary>Lists all properties of the backend's kind with their values.</summary>
    /// <param name="options">The properties.</param>
    internal static IReadOnlyList<(string Name, string Type, object? Value)> ToProperties(this MemoryBackendOptions options)
    {
        List<(string, string, object?)> list =
        [
            ("size", "int", options.SizeBytes ?? 0),
            ("share", "bool", options.Share ?? options.Kind == MemoryBackendKind.Memfd),
            ("prealloc", "bool", options.Preallocate),
            ("prealloc-threads", "int", (long)(options.PreallocateThreads ?? 1)),
            ("merge", "bool", options.Merge),
            ("dump", "bool", options.Dump),
            ("reserve", "bool", options.Reserve),
            ("host-nodes", "int", options.HostNodes.Select(node => (object?)(long)node).ToList()),
            ("policy", "HostMemPolicy", options.HostPolicy.ToString().ToLowerInvariant()),
        ];
        switch (options.Kind)
        {
            case MemoryBackendKind.File:
                list.AddRange(
                [
                    ("mem-path", "string", options.Path),
                    ("align", "int", options.Align),
                    ("offset", "int", options.Offset),
                    ("discard-data", "bool", options.DiscardData),
                    ("readonly", "bool", options.ReadOnly),
                    ("rom", "OnOffAuto", options.Rom switch { true => "on", false => "off", null => "auto" }),
                ]);
                break;
            case MemoryBackendKind.Memfd:
                list.AddRange([("hugetlb", "bool", options.HugeTlb), ("hugetlbsize", "int", options.HugePageSize), ("seal", "bool", options.Seal)]);
                break;
        }

        return list;
    }
}
