using System.Collections.Generic;

namespace EmuPS.Machine.MemoryBackends;

/// <summary>A backend as it was when somebody looked.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Options">Its properties, defaults filled in.</param>
/// <param name="IsMain">True for the machine's initial memory.</param>
/// <param name="DimmId">The DIMM that uses it: id, or path when it has none; null when no DIMM does.</param>
/// <param name="RegionAlignment">Multiple that addresses and sizes of its DIMM must be, in bytes.</param>
public sealed record MemoryBackendInfo(string Id, MemoryBackendOptions Options, bool IsMain, string? DimmId, ulong RegionAlignment)
{
    /// <summary>How many bytes the host lost since the backend was made: its file was truncated, or has no room for them. They read as zeros. 0 on hosts that cannot tell.</summary>
    public ulong LostBytes { get; init; }

    /// <summary>Offset of the first of them in the backend, or null.</summary>
    public ulong? FirstLostOffset { get; init; }

    /// <summary>True when the host lost a part of the memory.</summary>
    public bool IsLost => LostBytes > 0;

    /// <summary>True when a DIMM or the machine uses it.</summary>
    public bool IsInUse => IsMain || DimmId is not null;

    /// <summary>Size in bytes.</summary>
    public ulong SizeBytes => Options.SizeBytes ?? 0;

    /// <summary>Where the memory comes from.</summary>
    public MemoryBackendKind Kind => Options.Kind;

    /// <summary>Path in QEMU's object tree.</summary>
    public string ObjectPath => "/objects/" + Id;

    /// <summary>The properties that QEMU reports for every backend (query-memdev), in its spelling.</summary>
    public IReadOnlyDictionary<string, object?> ToQmp() => new OrderedDictionary<string, object?>
    {
        ["id"] = Id,
        ["size"] = SizeBytes,
        ["merge"] = Options.Merge,
        ["dump"] = Options.Dump,
        ["prealloc"] = Options.Preallocate == true,
        ["share"] = Options.Share ?? false,
        ["reserve"] = Options.Reserve,
        ["host-nodes"] = ToList(Options.HostNodes),
        ["policy"] = Options.HostPolicy.ToString().ToLowerInvariant(),
    };

    private static List<object?> ToList(IReadOnlyList<ushort> nodes)
    {
        List<object?> list = [];
        foreach (ushort node in nodes)
            list.Add((ulong)node);
        return list;
    }
}
