using System.Collections.Generic;
using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>The events that a machine can raise, in alphabetical order.</summary>
internal static class QmpEvents
{
    /// <summary>Name, data and features of each.</summary>
    internal static IReadOnlyList<(string Name, SchemaObject Data, IReadOnlyList<string> Features)> All { get; } =
    [
        ("ACPI_DEVICE_OST", new SchemaObject(new SchemaMember("info", QmpTypes.OstInformation)), []),
        ("DEVICE_DELETED", QmpTypes.DeviceName, []),
        ("DEVICE_UNPLUG_GUEST_ERROR", QmpTypes.DeviceName, []),
        ("GUEST_CRASHLOADED", QmpTypes.PanicAction, []),
        ("GUEST_PANICKED", QmpTypes.PanicAction, []),
        (MemoryHotplugManager.MemoryLostEvent, QmpTypes.MemoryLoss, []),
        ("MEM_UNPLUG_ERROR", new SchemaObject(new SchemaMember("device", SchemaType.Text), new SchemaMember("msg", SchemaType.Text)), ["deprecated"]),
        ("POWERDOWN", SchemaObject.Empty, []),
        ("RESET", QmpTypes.Cause, []),
        ("RESUME", SchemaObject.Empty, []),
        ("SHUTDOWN", QmpTypes.Cause, []),
        ("STOP", SchemaObject.Empty, []),
    ];
}
