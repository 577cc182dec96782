using EmuPS.Devices.Panic;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Pc;

/// <summary>QEMU's <c>-device pvpanic</c>, with which a guest's kernel says that it panicked.</summary>
public sealed record PanicDevice
{
    /// <summary>QEMU's name of the type.</summary>
    public const string TypeName = "pvpanic";

    /// <summary>Its id, or null.</summary>
    public string? Id { get; init; }

    /// <summary>Its port.</summary>
    public ushort Port { get; init; } = PcIoPorts.Panic;

    /// <summary>What the guest is told that it may report: 1 a panic, 2 a panic that its crash kernel takes over.</summary>
    public byte Events { get; init; } = PvPanic.Panicked | PvPanic.CrashLoaded;

    /// <summary>Its path in QEMU's object tree.</summary>
    public string Path => Id is null ? "/machine/peripheral-anon/device[0]" : "/machine/peripheral/" + Id;

    /// <summary>Reads the properties of <c>-device</c>, and refuses the rest.</summary>
    /// <param name="source">They, with what every device has read already.</param>
    /// <param name="id">The id, or null.</param>
    /// <exception cref="EngineException">One is unknown or malformed.</exception>
    internal static PanicDevice Read(PropertySource source, string? id)
    {
        PanicDevice device = new() { Id = id };
        if (source.Take(new SchemaMember("ioport", SchemaType.Unsigned16, IsOptional: true)) is ulong port)
            device = device with { Port = (ushort)port };
        if (source.Take(new SchemaMember("events", SchemaType.Unsigned8, IsOptional: true)) is ulong events)
            device = device with { Events = (byte)events };
        source.RefuseOthers(name => $"Property '{TypeName}.{name}' not found");
        return device;
    }
}
