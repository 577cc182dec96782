using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Writes to the warning stream.</summary>
[Cmdlet(VerbsCommunications.Write, "Warning")]
public sealed class WriteWarningCommand : WriteStreamCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteWarning(Message);
}
