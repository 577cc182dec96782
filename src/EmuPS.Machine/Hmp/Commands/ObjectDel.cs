using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Deletes a memory backend.</summary>
internal sealed class ObjectDel : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "object_del";

    /// <inheritdoc/>
    public string Parameters => "id";

    /// <inheritdoc/>
    public string Description => "destroy QOM object";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.Word;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        machine.Hotplug.RemoveBackend(argument);
        return string.Empty;
    }
}
