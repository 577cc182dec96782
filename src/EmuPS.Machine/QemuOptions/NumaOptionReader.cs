using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.QemuOptions;

/// <summary>Reads <c>-numa node</c> and <c>-numa dist</c>.</summary>
internal sealed class NumaOptionReader
{
    private readonly List<NumaNodeOptions> _nodes = [];
    private readonly List<(int From, int To, byte Distance)> _distances = [];

    /// <summary>The nodes with their distances.</summary>
    internal IReadOnlyList<NumaNodeOptions> Nodes =>
        [.. _nodes.Select(node => node with { Distances = _distances.Where(d => d.From == node.NodeId).ToDictionary(d => d.To, d => d.Distance) })];

    /// <summary>Reads one option's value.</summary>
    /// <param name="value">The value.</param>
    internal void Read(string value)
    {
        PropertySource source = PropertySource.FromText(value, "type", PropertyDialect.CommandLineText);
        string type = (string)source.Take(new SchemaMember("type", SchemaType.Text))!;
        switch (type)
        {
            case "node":
                ReadNode(source);
                break;
            case "dist":
                int from = (int)(Number(source, "src") ?? throw PropertyError.Missing("src"));
                int to = (int)(Number(source, "dst") ?? throw PropertyError.Missing("dst"));
                uint distance = Number(source, "val") ?? throw PropertyError.Missing("val");
                CheckDistance(from, to, distance);
                _distances.Add((from, to, (byte)distance));
                break;
            default:
                throw PropertyError.Refused("type", type);
        }

        source.RefuseOthers(name => $"Parameter '{name}' is unexpected");
    }

    private void ReadNode(PropertySource source)
    {
        string? memory = Text(source, "mem");
        // As with -m, a number without a letter is MiB.
        ulong? bytes = memory is null ? null : SizeText.Parse(char.IsAsciiDigit(memory.LastOrDefault()) ? memory + "M" : memory, "mem");
        int id = (int?)Number(source, "nodeid") ?? (_nodes.Count == 0 ? 0 : _nodes.Max(node => node.NodeId!.Value) + 1);
        if (_nodes.Exists(node => node.NodeId == id))
            throw new EngineException(ErrorIds.InvalidNumaConfiguration, EngineErrorCategory.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"Duplicate NUMA nodeid: {id}"), id);
        _nodes.Add(new NumaNodeOptions
        {
            NodeId = id,
            MemoryBytes = bytes,
            BackendId = Text(source, "memdev"),
            Cpus = [.. ((List<object?>?)source.Take(new SchemaMember("cpus", SchemaType.Unsigned16.List, IsOptional: true)) ?? []).Select(cpu => (int)(ulong)cpu!)],
        });
    }

    private static string? Text(PropertySource source, string name) => (string?)source.Take(new SchemaMember(name, SchemaType.Text, IsOptional: true));

    private static uint? Number(PropertySource source, string name) => (uint?)(ulong?)source.Take(new SchemaMember(name, SchemaType.Unsigned32, IsOptional: true));

    private static void CheckDistance(int from, int to, uint distance)
    {
        const uint Local = 10;
        string? message = distance < Local ? $"NUMA distance ({distance}) is invalid, it shouldn't be less than {Local}."
            : distance > byte.MaxValue ? $"NUMA distance ({distance}) is invalid, it should be less than 256"
            : from == to && distance != Local ? $"Local distance of node {from} should be {Local}."
            : null;
        if (message is not null)
            throw new EngineException(ErrorIds.InvalidNumaConfiguration, EngineErrorCategory.InvalidArgument, message, distance);
    }
}
