using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows the id of the machine.</summary>
internal sealed class InfoUuid : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "uuid";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "show the current VM UUID";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument) => machine.Id.ToString("D") + "\n";
}
