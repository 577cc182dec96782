using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.QemuOptions;

/// <summary>Properties as somebody wrote them. They are read by what is declared: it converts, and refuses in QEMU's words and order.</summary>
internal sealed class PropertySource
{
    private readonly List<KeyValuePair<string, object?>> _values;
    private readonly PropertyDialect _dialect;
    private readonly HashSet<string> _known = [];

    /// <summary>Takes properties from text or JSON.</summary>
    /// <param name="values">Names and values in order: strings, long, ulong, double, bool, null, lists. A name may come again; the last one counts.</param>
    /// <param name="dialect">How they are written.</param>
    internal PropertySource(IEnumerable<KeyValuePair<string, object?>> values, PropertyDialect dialect)
    {
        _values = [.. values];
        _dialect = dialect;
    }

    /// <summary>What was accepted but should be written otherwise.</summary>
    internal IEnumerable<string> Warnings => _dialect.IsStrict ? [] : _values.Select(pair => pair.Value).OfType<string>().Where(SizeText.HasHexadecimalUnit).Select(SizeText.HexadecimalUnitWarning);

    internal static PropertySource FromText(string text, string impliedKey, PropertyDialect dialect) =>
        new(OptionText.Parse(text, impliedKey, checkKeys: dialect == PropertyDialect.MonitorText, shortForms: dialect == PropertyDialect.Device).Select(pair => new KeyValuePair<string, object?>(pair.Key, pair.Value)), dialect);

    /// <summary>Takes a text that is either options or, when it begins with a brace, an object in JSON.</summary>
    /// <param name="text">The text.</param>
    /// <param name="impliedKey">The key of a first option without one.</param>
    /// <param name="dialect">How options are written.</param>
    /// <param name="json">What JSON is read as.</param>
    internal static PropertySource FromTextOrJson(string text, string impliedKey, PropertyDialect dialect, PropertyDialect json) => text.StartsWith('{')
        ? new((IReadOnlyDictionary<string, object?>)QmpJson.Read(text)!, json)
        : FromText(text, impliedKey, dialect);

    /// <summary>Reads all that is declared, in that order, and refuses the rest.</summary>
    /// <param name="declared">What may be there; with a tag, its value decides what more.</param>
    /// <returns>The values by name, without those that are absent.</returns>
    /// <exception cref="EngineException">One is missing, malformed or not declared.</exception>
    internal Dictionary<string, object?> Read(SchemaObject declared)
    {
        Dictionary<string, object?> read = [];
        TakeAll(declared.Members, read);
        if (declared.Tag is { } tag)
            TakeAll(declared.Variants.First(variant => variant.Case.Equals(read[tag])).Type.Members, read);
        RefuseOthers(name => $"Parameter '{Root(name)}' is unexpected");
        return read;
    }

    /// <summary>Reads one.</summary>
    /// <param name="member">What is declared.</param>
    /// <returns>Its value in the type's form, or null when it is absent.</returns>
    /// <exception cref="EngineException">It is malformed, or absent and must be there.</exception>
    internal object? Take(SchemaMember member)
    {
        object? value = Find(member);
        return value is not null ? member.Type.Read(member.Name, value, _dialect) : member.IsOptional ? null : throw PropertyError.Missing(member.Name);
    }

    /// <summary>Whether a name is there.</summary>
    /// <param name="name">The name.</param>
    internal bool Has(string name) => _values.Exists(pair => pair.Key == name);

    /// <summary>Reads a text that must be there; what is no text and cannot become one is not there.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="EngineException">It is missing.</exception>
    internal string TakeText(string name) =>
        Find(new SchemaMember(name, SchemaType.Text)) is { } value && (value is string || !_dialect.IsStrict) ? (string)SchemaType.Text.Read(name, value, _dialect) : throw PropertyError.Missing(name);

    /// <summary>Refuses what nobody asked for.</summary>
    /// <param name="message">Makes the message from the name.</param>
    internal void RefuseOthers(Func<string, string> message)
    {
        foreach ((string key, _) in _values)
        {
            if (!_known.Contains(key))
                throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.InvalidArgument, message(key), key, _known.Count == 0 ? "There are none." : $"Known are: {string.Join(", ", _known.Order())}.");
        }
    }

    private static string Root(string name) => name.Split('.')[0];

    private void TakeAll(IReadOnlyList<SchemaMember> members, Dictionary<string, object?> read)
    {
        foreach (SchemaMember member in members)
        {
            object? value = Take(member);
            if (value is not null || Has(member.Name))
                read[member.Name] = value;
        }
    }

    /// <summary>The last value of a name; null when there is none, <see cref="DBNull"/> for a null of strict JSON, which is of no type but any.</summary>
    private object? Find(SchemaMember member)
    {
        string name = member.Name;
        _known.Add(name);
        if (member.Type is SchemaArray && !_dialect.IsStrict)
            return FindList(name);
        int at = _values.FindLastIndex(pair => pair.Key == name);
        if (at >= 0)
            return _values[at].Value ?? (_dialect.IsStrict ? DBNull.Value : null);
        if (_dialect == PropertyDialect.MonitorText && _values.Exists(pair => pair.Key.StartsWith(name + ".", StringComparison.Ordinal)))
            throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.InvalidArgument, $"Parameters '{name}.*' are unexpected", name);
        return null;
    }

    /// <summary>A list in text: a name that comes several times, or numbered names (<c>host-nodes.0</c>).</summary>
    private List<object?>? FindList(string name)
    {
        List<object?> list = [];
        foreach ((string key, object? value) in _values)
        {
            if (key != name && !(key.StartsWith(name + ".", StringComparison.Ordinal) && int.TryParse(key.AsSpan(name.Length + 1), out _)))
                continue;
            _known.Add(key);
            if (value is System.Collections.IEnumerable items and not string)
                list.AddRange(items.Cast<object?>());
            else
                list.Add(value);
        }

        return list.Count == 0 ? null : list;
    }
}
