using System;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.MemoryBackends;

/// <summary>A property of memory backends: from this declaration come object-add, object_add, -object, query-qmp-schema and what qom-* say and do.</summary>
/// <param name="Name">QEMU's name.</param>
/// <param name="Schema">How its values are read.</param>
/// <param name="Type">QEMU's name of its type.</param>
/// <param name="Get">Its value, in the types of JSON.</param>
/// <param name="With">The options with a value, as <paramref name="Schema"/> reads it, in them.</param>
internal sealed record MemoryBackendProperty(
    string Name,
    SchemaType Schema,
    string Type,
    Func<MemoryBackendOptions, object?> Get,
    Func<MemoryBackendOptions, object, MemoryBackendOptions> With)
{
    /// <summary>Whether it must be given.</summary>
    internal bool IsRequired { get; init; }

    /// <summary>What it is, in QEMU's words; null where QEMU has none.</summary>
    internal string? Description { get; init; }

    /// <summary>Why it cannot change after creation, with {0} for the type; null when it can or is taken without effect.</summary>
    internal string? Fixed { get; init; }

    /// <summary>Changes it on a live backend; null when it is fixed or taken without effect, as in QEMU.</summary>
    internal Action<MemoryHotplugManager, string, object>? Change { get; init; }

    /// <summary>The member of object-add's arguments.</summary>
    internal SchemaMember Member => new(Name, Schema, !IsRequired);
}
