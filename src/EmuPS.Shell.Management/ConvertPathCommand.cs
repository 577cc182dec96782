using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>The provider's own form of existing paths.</summary>
[Cmdlet(VerbsData.Convert, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(string))]
public sealed class ConvertPathCommand : PathCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path =>
        WriteObject(
            SessionState.Path.GetResolvedProviderPathFromPSPath(IsLiteral ? WildcardPattern.Escape(path) : path, out _),
            enumerateCollection: true));
}
