using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows something.</summary>
/// <param name="monitor">Knows what can be shown.</param>
internal sealed class Info(HmpMonitor monitor) : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "info";

    /// <inheritdoc/>
    public string Parameters => "[subcommand]";

    /// <inheritdoc/>
    public string Description => "show various information about the system state";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.OptionalLine;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument) => monitor.ExecuteInfo(argument);
}
