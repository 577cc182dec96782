using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace EmuPS.Shell.Utility;

/// <summary>Shows objects as a table. Parameters and layout are the engine's own.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    /// <summary>Creates the command over the engine's formatter.</summary>
    public FormatTableCommand() => EngineInternals.UseFormatter(this, "Table");
}
