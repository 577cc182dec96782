using System.Collections.Generic;
using System.Management.Automation;
using System.Text.Json;

namespace EmuPS.Shell.Utility;

/// <summary>JSON text to objects.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Json")]
[OutputType(typeof(PSObject))]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    /// <summary>The text; piped lines belong to one document, unless each is one.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = "";

    /// <summary>Objects become ordered hashtables.</summary>
    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    /// <summary>The deepest nesting accepted.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = 1024;

    /// <summary>Emits an array as one object.</summary>
    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _lines.Add(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // As pwsh: when the first line alone is a document, every line is one.
        if (_lines.Count > 1 && TryRead(_lines[0], out _))
        {
            foreach (string line in _lines)
                Emit(line);
        }
        else if (_lines.Count > 0)
        {
            Emit(string.Join('\n', _lines));
        }
    }

    private void Emit(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return;
        try
        {
            WriteObject(JsonReader.Read(text, AsHashtable, Depth), enumerateCollection: !NoEnumerate);
        }
        catch (JsonException error)
        {
            ThrowTerminatingError(new ErrorRecord(
                new System.ArgumentException("Conversion from JSON failed with error: " + error.Message, error), "System.ArgumentException", ErrorCategory.NotSpecified, null));
        }
    }

    private bool TryRead(string text, out object? value)
    {
        try
        {
            value = JsonReader.Read(text, AsHashtable, Depth);
            return true;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }
}
