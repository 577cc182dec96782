using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using EmuPS.Machine.Hmp;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Qmp.Schema;
using Xunit;

namespace EmuPS.Machine.Tests.Qmp;

/// <summary><c>docs/compatibility.md</c> lists what there is, no more and no less.</summary>
public sealed partial class CompatibilityTests : IDisposable
{
    private readonly FakeMachineControl _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Every_qmp_command_is_listed_and_every_listed_one_exists() =>
        Assert.Equal(new QmpDispatcher(_machine).CommandNames, Listed("QMP commands"));

    [Fact]
    public void Every_hmp_command_is_listed_and_every_listed_one_exists() =>
        Assert.Equal(new HmpMonitor(_machine).CommandNames.Order(StringComparer.Ordinal), Listed("HMP commands"));

    [Fact]
    public void Every_event_that_the_machine_raises_is_listed_and_every_listed_one_is_raised() =>
        Assert.Equal(RaisedEvents(), Listed("Events"));

    [Fact]
    public void Every_event_that_the_machine_raises_is_in_the_schema_and_every_one_there_is_raised() =>
        Assert.Equal(RaisedEvents(), QmpEvents.All.Select(declared => declared.Name));

    [Theory]
    [InlineData("Memory backends", "memory-backend-ram", "memory-backend-file", "memory-backend-memfd")]
    [InlineData("`pc-dimm`", "pc-dimm")]
    public void Every_property_is_listed_and_every_listed_one_exists(string section, params string[] types)
    {
        QmpDispatcher dispatcher = new(_machine);
        IEnumerable<string> properties = types
            .Where(type => type != "memory-backend-memfd" || OperatingSystem.IsLinux())
            .SelectMany(type => ((IEnumerable<object>)dispatcher.Execute("qom-list-properties", new Dictionary<string, object?> { ["typename"] = type })!).Select(NameOf))
            .Except(["type", "realized", "parent_bus"])
            .Distinct();
        // The id is no property of an object in QEMU's tree, but of what names it.
        Assert.Equal(properties.Order(StringComparer.Ordinal), Listed(section).Where(name => name != "id"));
    }

    /// <summary>The names in the calls, whether written there or in a constant.</summary>
    private static IEnumerable<string> RaisedEvents()
    {
        string[] texts = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "EmuPS.Machine"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)];
        Dictionary<string, string> constants = texts.SelectMany(text => Constant().Matches(text)).DistinctBy(match => match.Groups[1].Value).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        return texts.SelectMany(text => Raised().Matches(text).Select(match => match.Groups[1].Success ? match.Groups[1].Value : constants[match.Groups[2].Value]))
            .Distinct().Order(StringComparer.Ordinal);
    }

    private static string NameOf(object entry) => (string)((IReadOnlyDictionary<string, object?>)entry)["name"]!;

    /// <summary>The names in the first column of a section's table, of the rows that do not say "no".</summary>
    private static IEnumerable<string> Listed(string section)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "compatibility.md"));
        int start = text.IndexOf($"\n## {section}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"There is no section '{section}'.");
        int end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return text[start..(end < 0 ? text.Length : end)].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .Where(cells => cells[2].Trim() != "no")
            .SelectMany(cells => Quoted().Matches(cells[1]).Select(match => match.Groups[1].Value))
            .Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\bRaise\((?:""([A-Z_]+)""|(\w+)[,)])")]
    private static partial Regex Raised();

    [GeneratedRegex(@"const string (\w+) = ""([A-Z_]+)""")]
    private static partial Regex Constant();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
