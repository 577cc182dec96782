using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>The items in a container.</summary>
[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Path")]
public sealed class GetChildItemCommand : PathCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public override string[] Path { get; set; } = ["."];

    /// <summary>A wildcard for names.</summary>
    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    /// <summary>Wildcards for names to show.</summary>
    [Parameter]
    public string[] Include { get; set; } = [];

    /// <summary>Wildcards for names to leave out.</summary>
    [Parameter]
    public string[] Exclude { get; set; } = [];

    /// <summary>Descends into containers.</summary>
    [Parameter]
    [Alias("s", "r")]
    public SwitchParameter Recurse { get; set; }

    /// <summary>How far to descend.</summary>
    [Parameter]
    public uint? Depth { get; set; }

    /// <summary>Also hidden items.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits names relative to the path.</summary>
    [Parameter]
    public SwitchParameter Name { get; set; }

    /// <summary>Files only.</summary>
    [Parameter]
    public SwitchParameter File { get; set; }

    /// <summary>Containers only.</summary>
    [Parameter]
    public SwitchParameter Directory { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path =>
    {
        IEnumerable<PSObject> items = InvokeProvider.ChildItem.Get(
            [path], Recurse || Depth is not null, Depth ?? uint.MaxValue, Force, IsLiteral);
        foreach (PSObject item in items.Where(IsWanted))
            WriteObject(Name ? RelativeName(path, item) : item);
    });

    private static bool Matches(string pattern, string name) => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(name);

    private bool IsWanted(PSObject item)
    {
        bool container = item.Properties["PSIsContainer"]?.Value is true;
        string name = item.Properties["PSChildName"]?.Value as string ?? "";
        return !(File && container) && !(Directory && !container)
            && (string.IsNullOrEmpty(Filter) || Matches(Filter, name))
            && (Include.Length == 0 || Include.Any(pattern => Matches(pattern, name)))
            && !Exclude.Any(pattern => Matches(pattern, name));
    }

    private string RelativeName(string path, PSObject item)
    {
        string full = item.Properties["PSPath"]?.Value as string ?? "";
        if (!Recurse && Depth is null)
            return item.Properties["PSChildName"]?.Value as string ?? full;
        string root = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
        string provider = SessionState.Path.GetUnresolvedProviderPathFromPSPath(full);
        return System.IO.Path.GetRelativePath(root, provider);
    }
}
