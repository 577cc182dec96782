using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace EmuPS.Shell.Utility;

/// <summary>Shows objects as lists of properties. Parameters and layout are the engine's own.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    /// <summary>Creates the command over the engine's formatter.</summary>
    public FormatListCommand() => EngineInternals.UseFormatter(this, "List");
}
