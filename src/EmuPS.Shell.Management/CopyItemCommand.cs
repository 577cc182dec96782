using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Copies items.</summary>
[Cmdlet(VerbsCommon.Copy, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class CopyItemCommand : PathCommand
{
    /// <summary>Where to.</summary>
    [Parameter(Position = 1)]
    public string Destination { get; set; } = ".";

    /// <summary>With everything below.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Overwrites read-only items.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the copies.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path =>
    {
        if (!ShouldProcess($"Item: {path} Destination: {Destination}", "Copy"))
            return;
        var copies = InvokeProvider.Item.Copy([path], Destination, Recurse, CopyContainers.CopyTargetContainer, Force, IsLiteral);
        if (PassThru)
            WriteObject(copies, enumerateCollection: true);
    });
}
