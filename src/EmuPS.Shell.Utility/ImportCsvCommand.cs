using System.IO;
using System.Management.Automation;
using EmuPS.Shell.Management;

namespace EmuPS.Shell.Utility;

/// <summary>Objects from files of comma separated values.</summary>
[Cmdlet(VerbsData.Import, "Csv", DefaultParameterSetName = "Path")]
[OutputType(typeof(PSObject))]
public sealed class ImportCsvCommand : PathCommand
{
    /// <summary>What stands between fields.</summary>
    [Parameter]
    public char Delimiter { get; set; } = ',';

    /// <summary>Names to use instead of the first record.</summary>
    [Parameter]
    public string[]? Header { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path =>
    {
        foreach (string file in Resolve(path, out _))
        {
            using StreamReader reader = new(file);
            foreach (PSObject row in Csv.Read(reader, Delimiter, Header))
                WriteObject(row);
        }
    });
}
