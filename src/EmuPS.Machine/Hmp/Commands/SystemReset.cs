using EmuPS.Machine.Pc;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Resets the machine.</summary>
internal sealed class SystemReset : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "system_reset";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "reset the system";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        machine.Reset(MachineExit.HostReset);
        return string.Empty;
    }
}
