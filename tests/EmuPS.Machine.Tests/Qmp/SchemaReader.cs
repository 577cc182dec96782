using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace EmuPS.Machine.Tests.Qmp;

/// <summary>The answer to query-qmp-schema, read as a client does: by names.</summary>
internal sealed class SchemaReader
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, object?>> _entries;

    public SchemaReader(object? answer) => _entries = List(answer).ToDictionary(entry => (string)entry["name"]!);

    /// <summary>All entries.</summary>
    public IEnumerable<IReadOnlyDictionary<string, object?>> Entries => _entries.Values;

    /// <summary>The entry of a name.</summary>
    public IReadOnlyDictionary<string, object?> this[object? name] => _entries[(string)name!];

    /// <summary>Whether there is such an entry.</summary>
    public bool Has(string name) => _entries.ContainsKey(name);

    public static IEnumerable<IReadOnlyDictionary<string, object?>> List(object? list) => ((IEnumerable)list!).Cast<IReadOnlyDictionary<string, object?>>();

    /// <summary>The kind of a member's type.</summary>
    public static string Kind(IReadOnlyDictionary<string, object?> entry) => (string)entry["meta-type"]!;

    /// <summary>A type as lines, one for each leaf.</summary>
    public IEnumerable<string> Flatten(string prefix, object? type)
    {
        IReadOnlyDictionary<string, object?> entry = this[type];
        return Kind(entry) switch
        {
            "builtin" => [$"{prefix}: {type}"],
            "array" => Flatten(prefix + "[]", entry["element-type"]),
            "enum" => ((IEnumerable)entry["values"]!).Cast<string>().Select(value => $"{prefix} = {value}"),
            "object" => List(entry["members"]).SelectMany(member => Flatten($"{prefix}.{member["name"]}{(member.ContainsKey("default") ? "?" : null)}", member["type"]))
                .Concat(Variants(entry).SelectMany(variant => Flatten($"{prefix}({variant["case"]})", variant["type"]))),
            string other => throw new InvalidOperationException(other),
        };
    }

    /// <summary>Says what is wrong with a value, or nothing.</summary>
    public IEnumerable<string> Faults(string at, object? value, object? type)
    {
        IReadOnlyDictionary<string, object?> entry = this[type];
        switch (Kind(entry))
        {
            case "builtin":
                return Fits((string)entry["json-type"]!, value) ? [] : [$"{at} is no {type}"];
            case "enum":
                return ((IEnumerable)entry["values"]!).Cast<string>().Contains(value) ? [] : [$"{at} is '{value}'"];
            case "array":
                return value is IEnumerable list and not string ? list.Cast<object?>().SelectMany((item, n) => Faults($"{at}[{n}]", item, entry["element-type"])) : [$"{at} is no list"];
            default:
                return value is IReadOnlyDictionary<string, object?> members ? Faults(at, members, entry) : [$"{at} is no object"];
        }
    }

    private static bool Fits(string jsonType, object? value) => jsonType switch
    {
        "string" => value is string,
        "int" => value is long or ulong,
        "boolean" => value is bool,
        _ => true,
    };

    private static IEnumerable<IReadOnlyDictionary<string, object?>> Variants(IReadOnlyDictionary<string, object?> entry) =>
        entry.TryGetValue("variants", out object? variants) ? List(variants) : [];

    private List<string> Faults(string at, IReadOnlyDictionary<string, object?> value, IReadOnlyDictionary<string, object?> entry)
    {
        List<IReadOnlyDictionary<string, object?>> members = [.. List(entry["members"])];
        if (entry.TryGetValue("tag", out object? tag))
        {
            IReadOnlyDictionary<string, object?>? variant = Variants(entry).FirstOrDefault(v => v["case"]!.Equals(value.GetValueOrDefault((string)tag!)));
            if (variant is not null)
                members.AddRange(List(this[variant["type"]]["members"]));
        }

        List<string> faults = [.. value.Keys.Except(members.Select(member => (string)member["name"]!)).Select(name => $"{at}.{name} is not declared")];
        foreach (IReadOnlyDictionary<string, object?> member in members)
        {
            string name = (string)member["name"]!;
            if (value.TryGetValue(name, out object? held))
                faults.AddRange(Faults($"{at}.{name}", held, member["type"]));
            else if (!member.ContainsKey("default"))
                faults.Add($"{at}.{name} is missing");
        }

        return faults;
    }
}
