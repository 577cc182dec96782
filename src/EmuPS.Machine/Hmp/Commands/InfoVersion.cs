using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows the version.</summary>
internal sealed class InfoVersion : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "version";

    /// <inheritdoc/>
    public string Parameters => "";

    /// <inheritdoc/>
    public string Description => "show the version of QEMU";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.None;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument) => $"{QemuVersion.Major}.{QemuVersion.Minor}.{QemuVersion.Micro} ({QemuVersion.Package})\n";
}
