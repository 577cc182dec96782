using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows whether the machine runs.</summary>
internal sealed class InfoStatus : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "status";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "show the current VM status (running|paused)";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument) => $"VM status: {machine.RunStatus switch
    {
        "running" or "paused" => machine.RunStatus,
        string other => $"paused ({other})",
    }}\n";
}
