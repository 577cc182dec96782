using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Orders values as the language does: nulls first, numbers by value, text by culture.</summary>
internal sealed class ObjectComparer : IComparer<object?>, IEqualityComparer<object?>
{
    private readonly bool _ignoreCase;

    /// <summary>Creates the comparer.</summary>
    /// <param name="ignoreCase">Whether letters' case does not count.</param>
    public ObjectComparer(bool ignoreCase) => _ignoreCase = ignoreCase;

    /// <inheritdoc/>
    public int Compare(object? x, object? y)
    {
        object? left = Unwrap(x);
        object? right = Unwrap(y);
        if (left is null || right is null)
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        try
        {
            return LanguagePrimitives.Compare(left, right, _ignoreCase);
        }
        catch (ArgumentException)
        {
            // Values that cannot be compared are ordered by their text.
            return string.Compare(left.ToString(), right.ToString(), _ignoreCase ? StringComparison.CurrentCultureIgnoreCase : StringComparison.CurrentCulture);
        }
    }

    /// <inheritdoc/>
    public new bool Equals(object? x, object? y) => Compare(x, y) == 0;

    /// <inheritdoc/>
    public int GetHashCode(object? obj) => 0;

    private static object? Unwrap(object? value) => value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
}
