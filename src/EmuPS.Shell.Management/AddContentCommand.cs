using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Adds to what an item holds.</summary>
[Cmdlet(VerbsCommon.Add, "Content", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class AddContentCommand : ContentWriterCommand
{
    /// <inheritdoc/>
    private protected override bool Append => true;
}
