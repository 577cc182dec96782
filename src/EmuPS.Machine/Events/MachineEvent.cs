using System;
using System.Collections.Generic;

namespace EmuPS.Machine.Events;

/// <summary>Something that happened to a machine, with QEMU's name and data (QMP reference). The data is a copy made when it happened.</summary>
/// <param name="Sequence">1 for the machine's first event, without gaps.</param>
/// <param name="Time">When it happened on the host.</param>
/// <param name="Name">For example <c>ACPI_DEVICE_OST</c>.</param>
/// <param name="Data">Strings, numbers (long), booleans, and nested dictionaries of these; empty when the event has no data.</param>
public sealed record MachineEvent(long Sequence, DateTimeOffset Time, string Name, IReadOnlyDictionary<string, object?> Data);
