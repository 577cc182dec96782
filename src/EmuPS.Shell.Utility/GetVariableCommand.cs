using System.Linq;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Variables by name.</summary>
[Cmdlet(VerbsCommon.Get, "Variable")]
[OutputType(typeof(PSVariable))]
public sealed class GetVariableCommand : VariableCommand
{
    /// <summary>Names or, without <c>-Scope</c>, wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Emits the values alone.</summary>
    [Parameter]
    public SwitchParameter ValueOnly { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            if (IsPattern(name))
                Matching(name);
            else if (Find(name) is { } variable)
                Emit(variable);
            else
                NotFound(name);
        }
    }

    private void Matching(string name)
    {
        if (Scope is not null)
            throw new PSArgumentException("EmuPS.Shell lists variables by wildcard without -Scope only.");
        WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase);
        foreach (PSVariable variable in InvokeProvider.ChildItem.Get("Variable:", recurse: false)
            .Select(item => item.BaseObject).OfType<PSVariable>().Where(variable => pattern.IsMatch(variable.Name)).OrderBy(variable => variable.Name))
            Emit(variable);
    }

    private void Emit(PSVariable variable) => WriteObject(ValueOnly ? variable.Value : variable);
}
