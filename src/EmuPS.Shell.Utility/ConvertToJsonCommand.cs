using System.Collections.Generic;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Objects to JSON text.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
[OutputType(typeof(string))]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    private readonly List<object?> _items = [];

    /// <summary>The objects; several become an array.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>How deep objects are opened.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    /// <summary>Leaves out white space.</summary>
    [Parameter]
    public SwitchParameter Compress { get; set; }

    /// <summary>Names instead of numbers.</summary>
    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    /// <summary>An array even around a single object.</summary>
    [Parameter]
    public SwitchParameter AsArray { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _items.Add(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_items.Count == 0)
            return;
        object? value = _items.Count > 1 || AsArray ? _items : _items[0];
        WriteObject(JsonWriter.Write(value, Depth, Compress, EnumsAsStrings, out bool truncated));
        if (truncated)
            WriteWarning($"Resulting JSON is truncated as serialization has exceeded the set depth of {Depth}.");
    }
}
