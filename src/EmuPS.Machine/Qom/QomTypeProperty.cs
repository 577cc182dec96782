using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Qom;

/// <summary>A property that every object of a type has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">QEMU's name of its type.</param>
/// <param name="Description">What it is, or null.</param>
/// <param name="Default">Its default, or null when there is none.</param>
internal sealed record QomTypeProperty(string Name, string Type, string? Description = null, object? Default = null)
{
    /// <summary>True for what device-list-properties leaves out.</summary>
    internal bool IsHousekeeping => Name is "type" or "realized" or "hotpluggable" or "hotplugged" or "parent_bus";

    /// <summary>The entry of the lists of properties.</summary>
    internal object Describe() => QmpObject.Of(("name", Name), ("type", Type), ("description", Description), ("default-value", Default));
}
