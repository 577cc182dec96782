using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Machine.Hmp;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Runs a line of QEMU's human monitor.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "EmuMonitorCommand", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class InvokeEmuMonitorCommandCommand : PartCommand
{
    /// <summary>The line; quote it, or PowerShell reads it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(MonitorCommandCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] CommandLine { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
        {
            foreach (string line in CommandLine)
            {
                if (!ShouldProcess(vm.Name, $"Run '{line}' in the monitor"))
                    continue;
                Try(vm, () =>
                {
                    vm.RequireAlive();
                    WriteObject(ConsoleText.Split(new HmpMonitor(vm.Machine).Execute(line), withRest: true).Lines, enumerateCollection: true);
                });
            }
        }
    }
}
