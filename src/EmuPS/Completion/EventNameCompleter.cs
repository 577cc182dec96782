using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Completion;

/// <summary>Completes the names of events, which are QEMU's.</summary>
public sealed class EventNameCompleter : EmuCompleter
{
    private static readonly (string Name, string Meaning)[] _names =
    [
        ("ACPI_DEVICE_OST", "the guest answered an insertion or a removal"),
        ("DEVICE_DELETED", "the guest let a device go"),
        ("DEVICE_UNPLUG_GUEST_ERROR", "a device that the guest let go could not be taken out"),
        ("MEMORY_BACKEND_LOST", "the host lost pages of a backing file"),
        ("MEM_UNPLUG_ERROR", "the same, of a DIMM, with the reason"),
        ("POWERDOWN", "the power button was pressed"),
        ("RESET", "the machine was reset"),
        ("RESUME", "the machine goes on"),
        ("SHUTDOWN", "the machine ends"),
        ("STOP", "the machine stands still"),
    ];

    private protected override IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters) =>
        _names.Select(name => (name.Name, name.Meaning));
}
