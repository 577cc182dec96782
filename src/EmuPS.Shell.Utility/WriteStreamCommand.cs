using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>The commands that write one message to one stream.</summary>
public abstract class WriteStreamCommand : PSCmdlet
{
    /// <summary>The message.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Msg")]
    [AllowEmptyString]
    public string Message { get; set; } = "";
}
