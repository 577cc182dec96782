using System.Globalization;
using System.Linq;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Gives the guest's last report on each slot.</summary>
internal sealed class QueryAcpiOspmStatus : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-acpi-ospm-status";

    /// <inheritdoc/>
    public SchemaType Result { get; } = QmpTypes.OstInformation.List;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        return machine.Hotplug.Slots.Select(slot => QmpObject.Of(
            ("device", slot.Dimm?.Id),
            ("source", (long)slot.OstSource),
            ("status", (long)slot.OstStatus),
            ("slot", slot.Slot.ToString(CultureInfo.InvariantCulture)),
            ("slot-type", "DIMM"))).ToList();
    }
}
