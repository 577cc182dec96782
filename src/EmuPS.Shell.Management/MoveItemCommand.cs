using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Moves items.</summary>
[Cmdlet(VerbsCommon.Move, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class MoveItemCommand : PathCommand
{
    /// <summary>Where to.</summary>
    [Parameter(Position = 1)]
    public string Destination { get; set; } = ".";

    /// <summary>Overwrites an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the moved items.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path =>
    {
        if (!ShouldProcess($"Item: {path} Destination: {Destination}", "Move"))
            return;
        var moved = InvokeProvider.Item.Move([path], Destination, Force, IsLiteral);
        if (PassThru)
            WriteObject(moved, enumerateCollection: true);
    });
}
