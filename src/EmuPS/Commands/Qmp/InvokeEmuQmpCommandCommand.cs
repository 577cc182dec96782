using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Machine;
using EmuPS.Machine.Qmp;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Runs a command of the QEMU Machine Protocol, as a client of the socket would.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "EmuQmpCommand", SupportsShouldProcess = true)]
[OutputType(typeof(PSObject))]
[OutputType(typeof(string))]
public sealed class InvokeEmuQmpCommandCommand : OnVMCommand
{
    /// <summary>The command.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(QmpCommandCompleter))]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = "";

    /// <summary>Its arguments.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public Hashtable? Arguments { get; set; }

    /// <summary>Emits what the command returns as JSON text.</summary>
    [Parameter]
    public SwitchParameter Json { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in ResolveVMs(VM))
        {
            if (ShouldProcess(vm.Name, $"Run the QMP command '{Command}'"))
                Try(vm, () => Run(vm));
        }
    }

    private void Run(EmuVM vm)
    {
        vm.RequireAlive();
        object? returned;
        try
        {
            returned = new QmpDispatcher(vm.Machine).Execute(Command, Arguments is null ? null : QmpValues.ToArguments(Arguments));
        }
        catch (EngineException error)
        {
            throw new EmuException($"Qmp.{error.QmpClass}", error.Message, error.Remedy, error, EmuError.Category(error.Category));
        }

        if (Json)
            WriteObject(QmpJson.Write(returned));
        else if (returned is not IReadOnlyDictionary<string, object?> { Count: 0 })
            WriteObject(QmpValues.ToObject(returned), enumerateCollection: true);
    }
}
