using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Items by path.</summary>
[Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
public sealed class GetItemCommand : PathCommand
{
    /// <summary>Also hidden items.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForEachPath(path => WriteObject(InvokeProvider.Item.Get([path], Force, IsLiteral), enumerateCollection: true));
}
