using System.Collections.Generic;
using System.IO;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Objects from lines of comma separated values.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Csv")]
[OutputType(typeof(PSObject))]
public sealed class ConvertFromCsvCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    /// <summary>The lines.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string[] InputObject { get; set; } = [];

    /// <summary>What stands between fields.</summary>
    [Parameter]
    public char Delimiter { get; set; } = ',';

    /// <summary>Names to use instead of the first record.</summary>
    [Parameter]
    public string[]? Header { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _lines.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        using StringReader reader = new(string.Join('\n', _lines));
        foreach (PSObject row in Csv.Read(reader, Delimiter, Header))
            WriteObject(row);
    }
}
