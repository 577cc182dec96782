using System.Collections.Generic;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Gives a variable a value, creating it where there is none.</summary>
[Cmdlet(VerbsCommon.Set, "Variable", SupportsShouldProcess = true)]
public sealed class SetVariableCommand : VariableCommand
{
    private readonly List<object?> _values = [];

    /// <summary>The names.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    public string[] Name { get; set; } = [];

    /// <summary>The value.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    public object? Value { get; set; }

    /// <summary>Emits the variable.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _values.Add(Value);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        object? value = _values.Count == 1 ? _values[0] : _values.ToArray();
        foreach (string name in Name)
        {
            if (!ShouldProcess("Name: " + name, "Set variable"))
                continue;
            Assign(name, value);
            if (PassThru)
                WriteObject(Find(name));
        }
    }

    private void Assign(string name, object? value)
    {
        if (Scope is null)
            SessionState.PSVariable.Set(name, value);
        else if (Find(name) is { } existing)
            existing.Value = value;
        else if (char.IsAsciiDigit(Scope[0]))
            throw new PSArgumentException($"There is no variable '{name}' in scope {Scope}; EmuPS.Shell creates variables in named scopes only.");
        else
            SessionState.PSVariable.Set(Scope + ":" + name, value);
    }
}
