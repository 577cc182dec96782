using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace EmuPS.Machine.Qmp.Schema;

/// <summary>Writes commands, events and every type they use as QEMU's SchemaInfo; types go by numbers in the order in which they are first used.</summary>
internal sealed class SchemaWriter
{
    private readonly Dictionary<SchemaType, string> _names = [];
    private readonly Queue<(string Name, SchemaType Type)> _open = new();
    private readonly HashSet<string> _queued = [];
    private readonly List<object?> _written = [];
    private int _next;

    /// <summary>Writes the whole list.</summary>
    /// <param name="commands">The commands: name, arguments, result, features.</param>
    /// <param name="events">The events: name, data, features.</param>
    internal static List<object?> Write(
        IEnumerable<(string Name, SchemaObject Arguments, SchemaType Result, IReadOnlyList<string> Features)> commands,
        IEnumerable<(string Name, SchemaObject Data, IReadOnlyList<string> Features)> events)
    {
        SchemaWriter writer = new();
        foreach ((string name, SchemaObject arguments, SchemaType result, IReadOnlyList<string> features) in commands)
            writer.Add(name, "command", features, ("arg-type", writer.NameOf(arguments)), ("ret-type", writer.NameOf(result)));
        foreach ((string name, SchemaObject data, IReadOnlyList<string> features) in events)
            writer.Add(name, "event", features, ("arg-type", writer.NameOf(data)));
        while (writer._open.TryDequeue(out (string Name, SchemaType Type) open))
            writer.Add(open.Name, open.Type);
        return writer._written;
    }

    private void Add(string name, string metaType, IReadOnlyList<string> features, params (string, object?)[] more) =>
        _written.Add(QmpObject.Of([("name", name), ("meta-type", metaType), .. more, ("features", features.Count > 0 ? features : null)]));

    private void Add(string name, SchemaType type)
    {
        switch (type)
        {
            case SchemaBuiltin builtin:
                Add(name, "builtin", [], ("json-type", builtin.JsonType));
                break;
            case SchemaEnum words:
                Add(name, "enum", [], ("members", words.Values.Select(word => QmpObject.Of(("name", word))).ToList()), ("values", words.Values));
                break;
            case SchemaArray array:
                Add(name, "array", [], ("element-type", NameOf(array.Element)));
                break;
            case SchemaObject members:
                Add(
                    name,
                    "object",
                    [],
                    ("members", members.Members.Select(Describe).ToList()),
                    ("tag", members.Tag),
                    ("variants", members.Tag is null ? null : members.Variants.Select(variant => QmpObject.Of(("case", variant.Case), ("type", NameOf(variant.Type)))).ToList()));
                break;
        }
    }

    private OrderedDictionary<string, object?> Describe(SchemaMember member)
    {
        OrderedDictionary<string, object?> described = QmpObject.Of(("name", member.Name), ("type", NameOf(member.Type)));
        if (member.IsOptional)
            described["default"] = null;
        return described;
    }

    private string NameOf(SchemaType type)
    {
        string? name = type switch
        {
            SchemaBuiltin builtin => builtin.Name,
            SchemaArray array => $"[{NameOf(array.Element)}]",
            _ => null,
        };
        if (name is null && !_names.TryGetValue(type, out name))
            _names[type] = name = (_next++).ToString(CultureInfo.InvariantCulture);
        if (_queued.Add(name))
            _open.Enqueue((name, type));
        return name;
    }
}
