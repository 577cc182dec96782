using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Explains commands.</summary>
/// <param name="monitor">Knows them.</param>
internal sealed class Help(HmpMonitor monitor) : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "help|?";

    /// <inheritdoc/>
    public string Parameters => "[cmd]";

    /// <inheritdoc/>
    public string Description => "show the help";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.OptionalLine;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument) => monitor.HelpOn(argument);
}
