using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows the name of the machine.</summary>
internal sealed class InfoName : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "name";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "show the current VM name";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument) => machine.Name + "\n";
}
