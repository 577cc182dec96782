using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Removes variables.</summary>
[Cmdlet(VerbsCommon.Remove, "Variable", SupportsShouldProcess = true)]
public sealed class RemoveVariableCommand : VariableCommand
{
    /// <summary>The names.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            if (Find(name) is not { } variable)
                NotFound(name);
            else if (ShouldProcess("Name: " + name, "Remove variable"))
                SessionState.PSVariable.Remove(variable);
        }
    }
}
