using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Creates an item.</summary>
[Cmdlet(VerbsCommon.New, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class NewItemCommand : PSCmdlet
{
    /// <summary>Where.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    public string[] Path { get; set; } = ["."];

    /// <summary>The name below the path.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    public string? Name { get; set; }

    /// <summary>What: File, Directory, SymbolicLink, HardLink, or a provider's own word.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Type")]
    public string? ItemType { get; set; }

    /// <summary>The content, or a link's target.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target")]
    public object? Value { get; set; }

    /// <summary>Overwrites a file; makes missing folders; leaves an existing folder alone.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            string target = Name is null ? path : SessionState.Path.Combine(path, Name);
            if (!ShouldProcess("Destination: " + SessionState.Path.GetUnresolvedProviderPathFromPSPath(target), "Create " + (ItemType ?? "item")))
                continue;
            try
            {
                WriteObject(InvokeProvider.Item.New([path], Name, ItemType, Value, Force), enumerateCollection: true);
            }
            catch (RuntimeException error)
            {
                WriteError(new ErrorRecord(error.ErrorRecord, error));
            }
        }
    }
}
