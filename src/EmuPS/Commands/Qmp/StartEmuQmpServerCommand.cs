using System.Management.Automation;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Lets tools that speak the QEMU Machine Protocol drive a VM through a socket.</summary>
[Cmdlet(VerbsLifecycle.Start, "EmuQmpServer", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(EmuQmpServer))]
public sealed class StartEmuQmpServerCommand : OnVMCommand
{
    private const string PathSet = "Path";
    private const string PortSet = "Port";

    /// <summary>The path of the Unix socket; only you can open it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The TCP port; 0 for a free one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PortSet)]
    [ValidateRange(0, 65535)]
    public int? Port { get; set; }

    /// <summary>The address to listen on; left out, only this host can connect.</summary>
    [Parameter(ParameterSetName = PortSet)]
    [ValidateNotNullOrEmpty]
    public string? Address { get; set; }

    /// <summary>Permits an address that other hosts can reach: QMP asks for no password, and whoever connects owns the VM.</summary>
    [Parameter(ParameterSetName = PortSet)]
    public SwitchParameter AllowRemote { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
        {
            Try(vm, () =>
            {
                string? path = Path is null ? null : FilePath(Path);
                if (ShouldProcess(vm.Name, $"Listen for QMP on {path ?? $"port {Port}"}"))
                    WriteObject(QmpServers.Start(vm, path, Port ?? 0, Address, AllowRemote));
            });
        }
    }
}
