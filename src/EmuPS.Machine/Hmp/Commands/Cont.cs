using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Lets the guest go on.</summary>
internal sealed class Cont : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "cont|c";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "resume emulation";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        machine.Resume();
        return string.Empty;
    }
}
