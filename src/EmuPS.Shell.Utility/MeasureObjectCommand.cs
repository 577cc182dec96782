using System.Collections.Generic;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Counts objects and sums up their values.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Object")]
public sealed class MeasureObjectCommand : PSCmdlet
{
    private readonly ObjectComparer _comparer = new(ignoreCase: true);
    private readonly List<Tally> _tallies = [];
    private int _count;

    /// <summary>The objects.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The properties to measure; without it the objects themselves.</summary>
    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    /// <summary>Adds the values up.</summary>
    [Parameter]
    public SwitchParameter Sum { get; set; }

    /// <summary>Their mean.</summary>
    [Parameter]
    public SwitchParameter Average { get; set; }

    /// <summary>The largest value.</summary>
    [Parameter]
    public SwitchParameter Maximum { get; set; }

    /// <summary>The smallest value.</summary>
    [Parameter]
    public SwitchParameter Minimum { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        PropertySelector[] selectors = PropertySelector.From(Property);
        if (selectors.Length == 0)
            _tallies.Add(new Tally(null));
        foreach (PropertySelector selector in selectors)
            _tallies.Add(new Tally(selector));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        _count++;
        foreach (Tally tally in _tallies)
        {
            object? value = tally.Selector is null ? InputObject.BaseObject : tally.Selector.ValueOf(InputObject);
            if (value is PSObject wrapped)
                value = wrapped.BaseObject;
            if (value is not null)
                Add(tally, value);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (Tally tally in _tallies)
        {
            if (tally.Selector is not null && tally.Count == 0 && _count > 0)
            {
                WriteError(new ErrorRecord(
                    new PSArgumentException($"The property \"{tally.Selector.Expression}\" cannot be found in the input for any objects."),
                    "GenericMeasurePropertyNotFound", ErrorCategory.InvalidArgument, null));
                continue;
            }

            PSObject result = new();
            result.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.GenericMeasureInfo");
            Note(result, "Count", tally.Selector is null ? _count : tally.Count);
            Note(result, "Average", Average && tally.Count > 0 ? tally.Sum / tally.Count : null);
            Note(result, "Sum", Sum ? tally.Sum : null);
            Note(result, "Maximum", Maximum ? tally.Maximum : null);
            Note(result, "Minimum", Minimum ? tally.Minimum : null);
            Note(result, "StandardDeviation", null);
            Note(result, "Property", tally.Selector?.Expression.ToString());
            WriteObject(result);
        }
    }

    private static void Note(PSObject target, string name, object? value) => target.Properties.Add(new PSNoteProperty(name, value));

    private void Add(Tally tally, object value)
    {
        tally.Count++;
        if (Sum || Average)
        {
            if (!LanguagePrimitives.TryConvertTo(value, out double number))
            {
                WriteError(new ErrorRecord(
                    new PSInvalidCastException($"Input object \"{value}\" is not numeric."), "NonNumericInputObject", ErrorCategory.InvalidType, value));
                return;
            }

            tally.Sum += number;
        }

        if (Maximum && (tally.Maximum is null || _comparer.Compare(value, tally.Maximum) > 0))
            tally.Maximum = value;
        if (Minimum && (tally.Minimum is null || _comparer.Compare(value, tally.Minimum) < 0))
            tally.Minimum = value;
    }

    private sealed class Tally(PropertySelector? selector)
    {
        public PropertySelector? Selector { get; } = selector;

        public int Count { get; set; }

        public double Sum { get; set; }

        public object? Maximum { get; set; }

        public object? Minimum { get; set; }
    }
}
