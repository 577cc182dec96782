using System;
using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>The existing paths a path with wildcards stands for.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo), typeof(string))]
public sealed class ResolvePathCommand : PathCommand
{
    /// <summary>Emits paths relative to the current location.</summary>
    [Parameter]
    public SwitchParameter Relative { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path =>
    {
        foreach (PathInfo found in SessionState.Path.GetResolvedPSPathFromPSPath(IsLiteral ? WildcardPattern.Escape(path) : path))
        {
            if (Relative)
                WriteObject(ToRelative(found.ProviderPath));
            else
                WriteObject(found);
        }
    });

    private string ToRelative(string path)
    {
        string relative = System.IO.Path.GetRelativePath(SessionState.Path.CurrentFileSystemLocation.ProviderPath, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || relative == "." || System.IO.Path.IsPathRooted(relative)
            ? relative
            : "." + System.IO.Path.DirectorySeparatorChar + relative;
    }
}
