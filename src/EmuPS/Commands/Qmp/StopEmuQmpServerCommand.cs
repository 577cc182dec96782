using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Machine.Qmp;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Stops listening for QMP and hangs up on all clients.</summary>
[Cmdlet(VerbsLifecycle.Stop, "EmuQmpServer", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopEmuQmpServerCommand : OnVMCommand
{
    /// <summary>Only the server on this Unix socket.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(QmpSocketCompleter))]
    [AllowNull]
    [AllowEmptyString]
    public string? Path { get; set; }

    /// <summary>Only the server on this TCP port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(QmpPortCompleter))]
    [AllowNull]
    public int? Port { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // A piped server has one of the two; whoever types the parameter means one server, not all of them.
        foreach (string parameter in new[] { nameof(Path), nameof(Port) })
        {
            if (MyInvocation.BoundParameters.TryGetValue(parameter, out object? value) && value is null or "")
            {
                ThrowTerminatingError(EmuError.Create(
                    ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, parameter, $"-{parameter} is empty.", "Name the server, or leave the parameter out to stop all servers of the VM."));
            }
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
            Try(vm, () => Stop(vm, string.IsNullOrEmpty(Path) ? null : FilePath(Path)));
    }

    private void Stop(EmuVM vm, string? path)
    {
        bool found = false;
        foreach (QmpServer server in vm.QmpServers)
        {
            if ((path is not null && server.Path != path) || (Port is { } port && server.EndPoint?.Port != port))
                continue;
            found = true;
            if (ShouldProcess(vm.Name, $"Stop the QMP server on {server.Path ?? server.EndPoint!.ToString()}"))
                vm.RemoveQmpServer(server);
        }

        if (!found && (path is not null || Port is not null))
        {
            WriteError(
                ErrorIds.QmpServerNotFound, ErrorCategory.ObjectNotFound, path ?? (object)Port!, $"The VM '{vm.Name}' has no QMP server on {path ?? $"port {Port}"}.",
                "Get-EmuQmpServer lists what is there.");
        }
    }
}
