using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Whether paths exist.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(bool))]
public sealed class TestPathCommand : PathCommand
{
    /// <summary>What the item must be.</summary>
    [Parameter]
    [Alias("Type")]
    [ValidateSet("Any", "Container", "Leaf")]
    public string PathType { get; set; } = "Any";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Given)
            WriteObject(Exists(path));
    }

    private bool Exists(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            return false;
        try
        {
            if (!InvokeProvider.Item.Exists(path, force: true, IsLiteral))
                return false;
            if (PathType == "Any")
                return true;
            string single = IsLiteral ? WildcardPattern.Escape(path) : path;
            bool container = false;
            foreach (PathInfo found in SessionState.Path.GetResolvedPSPathFromPSPath(single))
                container |= InvokeProvider.Item.IsContainer(WildcardPattern.Escape(found.Path));
            return container == (PathType == "Container");
        }
        catch (SessionStateException)
        {
            // An unknown drive or provider: nothing exists there.
            return false;
        }
    }
}
