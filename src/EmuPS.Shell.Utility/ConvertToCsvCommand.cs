using System.Linq;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Lines of comma separated values from objects; the first object's properties are the columns.</summary>
[Cmdlet(VerbsData.ConvertTo, "Csv")]
[OutputType(typeof(string))]
public sealed class ConvertToCsvCommand : PSCmdlet
{
    private string[]? _columns;

    /// <summary>The objects.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>What stands between fields.</summary>
    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = ',';

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_columns is null)
        {
            _columns = [.. InputObject.Properties.Select(property => property.Name)];
            WriteObject(Csv.Record(_columns, Delimiter));
        }

        WriteObject(Csv.Record(_columns.Select(Field), Delimiter));
    }

    private string? Field(string name) =>
        InputObject.Properties[name]?.Value is { } value ? LanguagePrimitives.ConvertTo<string>(value) : null;
}
