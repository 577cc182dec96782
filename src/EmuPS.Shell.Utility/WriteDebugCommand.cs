using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Writes to the debug stream.</summary>
[Cmdlet(VerbsCommunications.Write, "Debug")]
public sealed class WriteDebugCommand : WriteStreamCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteDebug(Message);
}
