using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Writes to the verbose stream.</summary>
[Cmdlet(VerbsCommunications.Write, "Verbose")]
public sealed class WriteVerboseCommand : WriteStreamCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteVerbose(Message);
}
