using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Gives an item another name.</summary>
[Cmdlet(VerbsCommon.Rename, "Item", SupportsShouldProcess = true)]
public sealed class RenameItemCommand : PSCmdlet
{
    /// <summary>The item.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "";

    /// <summary>Its new name.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    public string NewName { get; set; } = "";

    /// <summary>Also hidden and read-only items.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the renamed item.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess($"Item: {Path} Destination: {NewName}", "Rename"))
            return;
        try
        {
            var renamed = InvokeProvider.Item.Rename(Path, NewName, Force);
            if (PassThru)
                WriteObject(renamed, enumerateCollection: true);
        }
        catch (RuntimeException error)
        {
            WriteError(new ErrorRecord(error.ErrorRecord, error));
        }
    }
}
