using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>qmp_capabilities: the session does it; here are its arguments.</summary>
internal static class QmpCapabilities
{
    /// <summary>Its name.</summary>
    internal const string Name = "qmp_capabilities";

    /// <summary>The capability to run commands out of band.</summary>
    internal const string OutOfBand = "oob";

    /// <summary>Its arguments.</summary>
    internal static SchemaObject Arguments { get; } = new(new SchemaMember("enable", new SchemaEnum(OutOfBand).List, IsOptional: true));
}
