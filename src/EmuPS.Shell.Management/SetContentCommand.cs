using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>Replaces what an item holds.</summary>
[Cmdlet(VerbsCommon.Set, "Content", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class SetContentCommand : ContentWriterCommand
{
    /// <inheritdoc/>
    private protected override bool Append => false;
}
