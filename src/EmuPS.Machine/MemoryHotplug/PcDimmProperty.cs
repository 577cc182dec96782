using System;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.MemoryHotplug;

/// <summary>A property of pc-dimm: from this declaration come device_add, -device and what qom-* and device-list-properties say.</summary>
/// <param name="Name">QEMU's name.</param>
/// <param name="Type">QEMU's name of its type.</param>
/// <param name="Get">Its value, in the types of JSON.</param>
internal sealed record PcDimmProperty(string Name, string Type, Func<DimmInfo, object?> Get)
{
    /// <summary>How its values are read; null when it cannot be given.</summary>
    internal SchemaType? Schema { get; init; }

    /// <summary>The options with a value, as <see cref="Schema"/> reads it, in them; null when it cannot be given.</summary>
    internal Func<PcDimmOptions, object, PcDimmOptions>? With { get; init; }

    /// <summary>Its default, or null when there is none.</summary>
    internal object? Default { get; init; }
}
