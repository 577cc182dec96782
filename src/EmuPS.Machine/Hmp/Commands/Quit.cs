using EmuPS.Machine.Pc;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Ends the machine.</summary>
internal sealed class Quit : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "quit|q";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "quit the emulator";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        machine.PowerOff(MachineExit.HostQuit);
        return string.Empty;
    }
}
