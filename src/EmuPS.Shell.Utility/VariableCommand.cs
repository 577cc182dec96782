using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>What the variable commands share: finding a variable by name and scope.</summary>
public abstract class VariableCommand : PSCmdlet
{
    /// <summary>Global, Script, Local, or how many scopes up.</summary>
    [Parameter]
    public string? Scope { get; set; }

    /// <summary>The variable.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The variable, or null.</returns>
    private protected PSVariable? Find(string name) => Scope is null
        ? SessionState.PSVariable.Get(name)
        : EngineInternals.VariableAtScope(SessionState.PSVariable, name, Scope);

    /// <summary>Reports a variable that does not exist.</summary>
    /// <param name="name">Its name.</param>
    private protected void NotFound(string name) => WriteError(new ErrorRecord(
        new ItemNotFoundException($"Cannot find a variable with the name '{name}'."), "VariableNotFound", ErrorCategory.ObjectNotFound, name));

    /// <summary>Whether a name is a pattern.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True where it holds wildcards.</returns>
    private protected static bool IsPattern(string name) => WildcardPattern.ContainsWildcardCharacters(name);
}
