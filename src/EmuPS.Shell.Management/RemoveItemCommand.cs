using System.IO;
using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Removes items.</summary>
[Cmdlet(VerbsCommon.Remove, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class RemoveItemCommand : PathCommand
{
    /// <summary>With everything below.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Also hidden and read-only items.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path =>
    {
        foreach (string item in Resolve(path, out ProviderInfo provider))
        {
            string qualified = $"{provider.Name}::{item}";
            if (!InvokeProvider.Item.Exists(qualified, force: true, literalPath: true))
            {
                WriteError(new ErrorRecord(
                    new ItemNotFoundException($"Cannot find path '{item}' because it does not exist."), "PathNotFound", ErrorCategory.ObjectNotFound, path));
                continue;
            }

            bool recurse = Recurse || Agreed(provider, item, qualified);
            if (ShouldProcess(item, "Remove"))
                InvokeProvider.Item.Remove([qualified], recurse, Force, literalPath: true);
        }
    });

    // A folder that holds something is removed after a question only, as in pwsh.
    private bool Agreed(ProviderInfo provider, string item, string qualified)
    {
        bool link = IsFileSystem(provider) && new DirectoryInfo(item).LinkTarget is not null;
        if (link || !InvokeProvider.Item.IsContainer(qualified) || !InvokeProvider.ChildItem.HasChild(qualified, force: true, literalPath: true))
            return false;
        if (MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? whatIf) && LanguagePrimitives.IsTrue(whatIf))
            return true;
        if (!ShouldContinue($"The item at {item} has children and the Recurse parameter was not specified. Remove all of them?", "Confirm"))
            throw new PSInvalidOperationException($"'{item}' is not empty. Use -Recurse to remove what it holds.");
        return true;
    }
}
