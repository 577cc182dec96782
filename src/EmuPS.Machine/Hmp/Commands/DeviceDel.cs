using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Asks the guest to let go of a DIMM.</summary>
internal sealed class DeviceDel : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "device_del";

    /// <inheritdoc/>
    public string Parameters => "device";

    /// <inheritdoc/>
    public string Description => "remove device";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.Word;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        DeviceRemoval.Request(machine, argument);
        return string.Empty;
    }
}
