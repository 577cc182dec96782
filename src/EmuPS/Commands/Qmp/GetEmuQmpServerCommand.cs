using System.Linq;
using System.Management.Automation;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Lists the sockets on which VMs speak the QEMU Machine Protocol.</summary>
[Cmdlet(VerbsCommon.Get, "EmuQmpServer")]
[OutputType(typeof(EmuQmpServer))]
public sealed class GetEmuQmpServerCommand : OnVMCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(ResolveVMs(VM, allByDefault: true).SelectMany(QmpServers.List), enumerateCollection: true);
}
