using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Orders objects; equal ones keep their order.</summary>
[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _items = [];

    /// <summary>The objects.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>What to order by: names, script blocks, or hashtables with Expression and Descending. Without: the object itself.</summary>
    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    /// <summary>Largest first.</summary>
    [Parameter]
    public SwitchParameter Descending { get; set; }

    /// <summary>Emits the first of equal objects only.</summary>
    [Parameter]
    public SwitchParameter Unique { get; set; }

    /// <summary>Tells capital letters from small ones.</summary>
    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is not null)
            _items.Add(InputObject);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ObjectComparer comparer = new(ignoreCase: !CaseSensitive);
        PropertySelector[] selectors = PropertySelector.From(Property);
        List<(PSObject Item, object?[] Keys)> rows =
            [.. _items.Select(item => (item, selectors.Length > 0 ? selectors.Select(s => s.ValueOf(item)).ToArray() : [item]))];
        bool[] descending = selectors.Length > 0 ? [.. selectors.Select(s => s.Descending ?? Descending.IsPresent)] : [Descending.IsPresent];

        object?[]? previous = null;
        foreach ((PSObject item, object?[] keys) in rows.Order(Comparer<(PSObject Item, object?[] Keys)>.Create((x, y) => CompareKeys(x.Keys, y.Keys))))
        {
            if (!Unique || previous is null || CompareKeys(previous, keys) != 0)
                WriteObject(item);
            previous = keys;
        }

        int CompareKeys(object?[] left, object?[] right)
        {
            for (int i = 0; i < left.Length; i++)
            {
                int order = comparer.Compare(left[i], right[i]);
                if (order != 0)
                    return descending[i] ? -order : order;
            }

            return 0;
        }
    }
}
