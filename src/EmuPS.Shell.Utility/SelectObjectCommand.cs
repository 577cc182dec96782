using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace EmuPS.Shell.Utility;

/// <summary>Picks objects by position and properties by name.</summary>
[Cmdlet(VerbsCommon.Select, "Object", DefaultParameterSetName = "DefaultParameter")]
public sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _held = new();
    private readonly List<PSObject> _seen = [];
    private PropertySelector[] _selectors = [];
    private WildcardPattern[] _excluded = [];
    private int _skipped;
    private int _passed;

    /// <summary>The objects to choose from.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Names, wildcards, or calculated properties.</summary>
    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    /// <summary>Names or wildcards to leave out.</summary>
    [Parameter]
    public string[] ExcludeProperty { get; set; } = [];

    /// <summary>The property whose value is emitted instead of the object.</summary>
    [Parameter]
    public string? ExpandProperty { get; set; }

    /// <summary>Emits equal objects once.</summary>
    [Parameter]
    public SwitchParameter Unique { get; set; }

    /// <summary>How many from the start; what comes before in the pipeline ends then.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int First { get; set; } = -1;

    /// <summary>How many from the end.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Last { get; set; } = -1;

    /// <summary>How many to pass over at the start; with <see cref="Last"/>, at the end.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _selectors = PropertySelector.From(Property);
        _excluded = [.. ExcludeProperty.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase))];
        if (_excluded.Length > 0 && _selectors.Length == 0 && ExpandProperty is null)
            _selectors = PropertySelector.From(["*"]);
        if (First == 0 && Last < 0)
            throw EngineInternals.StopUpstream(this);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        if (Last >= 0)
        {
            HoldBack(InputObject);
            return;
        }

        if (_skipped < Skip)
        {
            _skipped++;
            return;
        }

        Emit(InputObject);
        if (First >= 0 && ++_passed >= First)
            throw EngineInternals.StopUpstream(this);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        int remaining = _held.Count - (Last >= 0 ? Skip : 0);
        while (remaining-- > 0)
            Emit(_held.Dequeue());
    }

    // With -First beside -Last the first ones pass at once and the rest is held back.
    private void HoldBack(PSObject item)
    {
        if (First > 0 && _passed < First)
        {
            _passed++;
            Emit(item);
            return;
        }

        _held.Enqueue(item);
        if (_held.Count > Last + Skip)
            _held.Dequeue();
    }

    private void Emit(PSObject item)
    {
        PSObject result = _selectors.Length > 0 ? Project(item) : item;
        if (ExpandProperty is not null)
        {
            Expand(item);
            return;
        }

        if (Unique)
        {
            if (_seen.Any(other => AreSame(other, result)))
                return;
            _seen.Add(result);
        }

        WriteObject(result);
    }

    private PSObject Project(PSObject item)
    {
        PSObject result = new();
        result.TypeNames.Insert(0, "Selected." + item.TypeNames[0]);
        foreach (PropertySelector selector in _selectors)
        {
            List<PSPropertyExpression> resolved = selector.Expression.HasWildCardCharacters
                ? selector.Expression.ResolveNames(item)
                : [selector.Expression];
            foreach (PSPropertyExpression expression in resolved)
            {
                string name = selector.Label ?? LastName(expression);
                if (_excluded.Any(pattern => pattern.IsMatch(name)) || result.Properties[name] is not null)
                    continue;
                PSPropertyExpressionResult? value = expression.GetValues(item).FirstOrDefault();
                result.Properties.Add(new PSNoteProperty(name, value is { Exception: null } ? value.Result : null));
            }
        }

        return result;
    }

    private static string LastName(PSPropertyExpression expression) => expression.ToString();

    private void Expand(PSObject item)
    {
        PSPropertyExpressionResult? value = new PSPropertyExpression(ExpandProperty).GetValues(item).FirstOrDefault();
        if (value is null)
        {
            WriteError(new ErrorRecord(
                new PSArgumentException($"Property \"{ExpandProperty}\" cannot be found."), "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, item));
        }
        else if (value.Exception is not null)
        {
            WriteError(new ErrorRecord(value.Exception, "PropertyEvaluationExpand", ErrorCategory.InvalidResult, item));
        }
        else
        {
            WriteObject(value.Result, enumerateCollection: true);
        }
    }

    private static bool AreSame(PSObject left, PSObject right)
    {
        if (left.BaseObject is not PSCustomObject || right.BaseObject is not PSCustomObject)
            return LanguagePrimitives.Equals(left.BaseObject, right.BaseObject, ignoreCase: false);
        PSPropertyInfo[] mine = [.. left.Properties];
        PSPropertyInfo[] theirs = [.. right.Properties];
        return mine.Length == theirs.Length
            && mine.Zip(theirs).All(pair => string.Equals(pair.First.Name, pair.Second.Name, StringComparison.OrdinalIgnoreCase)
                && LanguagePrimitives.Equals(pair.First.Value, pair.Second.Value, ignoreCase: false));
    }
}
