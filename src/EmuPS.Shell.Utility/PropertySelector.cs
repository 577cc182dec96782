using System.Collections;
using System.Linq;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace EmuPS.Shell.Utility;

/// <summary>One element of a <c>-Property</c> argument: a name, a wildcard, a script block, or a hashtable that says more.</summary>
internal sealed class PropertySelector
{
    private PropertySelector(PSPropertyExpression expression, string? label, bool? descending)
    {
        Expression = expression;
        Label = label;
        Descending = descending;
    }

    /// <summary>What is looked up or computed.</summary>
    public PSPropertyExpression Expression { get; }

    /// <summary>The name of the result, where the argument gave one.</summary>
    public string? Label { get; }

    /// <summary>The direction, where the argument gave one.</summary>
    public bool? Descending { get; }

    /// <summary>Reads arguments.</summary>
    /// <param name="arguments">Names, script blocks and hashtables.</param>
    /// <returns>The selectors, in order.</returns>
    /// <exception cref="PSArgumentException">A hashtable has an unknown key or lacks <c>Expression</c>.</exception>
    public static PropertySelector[] From(object[]? arguments) => [.. (arguments ?? []).Select(From)];

    /// <summary>The value for an object.</summary>
    /// <param name="target">The object.</param>
    /// <returns>The first matching property's value; null where there is none or it throws.</returns>
    public object? ValueOf(PSObject target)
    {
        foreach (PSPropertyExpressionResult result in Expression.GetValues(target))
            return result.Exception is null ? result.Result : null;
        return null;
    }

    private static PropertySelector From(object argument)
    {
        object value = argument is PSObject wrapped ? wrapped.BaseObject : argument;
        if (value is not IDictionary table)
            return new PropertySelector(ToExpression(value), null, null);

        PSPropertyExpression? expression = null;
        string? label = null;
        bool? descending = null;
        foreach (DictionaryEntry entry in table)
        {
            string key = LanguagePrimitives.ConvertTo<string>(entry.Key).ToLowerInvariant();
            if (IsStartOf(key, "expression") && entry.Value is not null)
                expression = ToExpression(entry.Value is PSObject inner ? inner.BaseObject : entry.Value);
            else if (IsStartOf(key, "name") || IsStartOf(key, "label"))
                label = LanguagePrimitives.ConvertTo<string>(entry.Value);
            else if (IsStartOf(key, "descending"))
                descending = LanguagePrimitives.IsTrue(entry.Value);
            else if (IsStartOf(key, "ascending"))
                descending = !LanguagePrimitives.IsTrue(entry.Value);
            else
                throw new PSArgumentException($"The key '{key}' is unknown here; Name, Expression, Ascending and Descending are allowed.");
        }

        if (expression is null)
            throw new PSArgumentException("A calculated property needs the key Expression.");
        return new PropertySelector(expression, label, descending);
    }

    private static bool IsStartOf(string key, string word) => key.Length > 0 && word.StartsWith(key, System.StringComparison.Ordinal);

    private static PSPropertyExpression ToExpression(object value) =>
        value is ScriptBlock block ? new PSPropertyExpression(block) : new PSPropertyExpression(LanguagePrimitives.ConvertTo<string>(value));
}
