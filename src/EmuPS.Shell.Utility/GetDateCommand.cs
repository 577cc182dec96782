using System;
using System.Globalization;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>The time, or a given time as text.</summary>
[Cmdlet(VerbsCommon.Get, "Date")]
[OutputType(typeof(DateTime), typeof(string))]
public sealed class GetDateCommand : PSCmdlet
{
    /// <summary>The time to use instead of now.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public DateTime? Date { get; set; }

    /// <summary>A .NET format, or one of pwsh's names <c>FileDate</c>, <c>FileDateTime</c>, <c>FileDateTimeUniversal</c>.</summary>
    [Parameter]
    public string? Format { get; set; }

    /// <summary>Converts to UTC.</summary>
    [Parameter]
    public SwitchParameter AsUTC { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        DateTime time = Date ?? DateTime.Now;
        if (AsUTC)
            time = time.ToUniversalTime();
        object result = Format switch
        {
            null => time,
            "FileDate" => Text(time, "yyyyMMdd"),
            "FileDateTime" => Text(time, "yyyyMMddTHHmmssffff"),
            "FileDateTimeUniversal" => Text(time.ToUniversalTime(), "yyyyMMddTHHmmssffffZ"),
            _ => time.ToString(Format, CultureInfo.CurrentCulture),
        };
        WriteObject(result);
    }

    private static string Text(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
