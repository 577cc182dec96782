using System.Collections.Generic;
using EmuPS.Machine.QemuOptions;

namespace EmuPS.Machine.Qmp;

/// <summary>The arguments of a QMP command.</summary>
internal sealed class QmpArguments
{
    private static readonly Dictionary<string, object?> s_none = [];
    private readonly PropertySource _source;

    internal QmpArguments(IReadOnlyDictionary<string, object?>? values)
    {
        Values = values ?? s_none;
        _source = new PropertySource(Values, PropertyDialect.Json);
    }

    /// <summary>All of them, for commands whose arguments are an object's properties.</summary>
    internal IReadOnlyDictionary<string, object?> Values { get; }

    /// <summary>A text that must be there.</summary>
    /// <param name="name">The argument.</param>
    internal string Required(string name) => _source.RequiredText(name);

    /// <summary>A text, or null.</summary>
    /// <param name="name">The argument.</param>
    internal string? Text(string name) => _source.Text(name);

    /// <summary>A boolean, or null.</summary>
    /// <param name="name">The argument.</param>
    internal bool? Flag(string name) => _source.Flag(name);

    /// <summary>Any value, which must be there, though it may be null.</summary>
    /// <param name="name">The argument.</param>
    internal object? Any(string name)
    {
        _source.Ignore(name);
        return Values.TryGetValue(name, out object? value) ? value : throw PropertySource.Missing(name);
    }

    /// <summary>Refuses every argument that was not asked for.</summary>
    internal void End() => _source.RefuseOthers(name => $"Parameter '{name}' is unexpected");
}
