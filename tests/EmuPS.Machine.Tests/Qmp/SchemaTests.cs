using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using EmuPS.Machine.Qmp;
using Xunit;

namespace EmuPS.Machine.Tests.Qmp;

/// <summary>query-qmp-schema says what is there: complete, like QEMU's, and the same as what commands take and give.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly FakeMachineControl _machine = new();
    private readonly QmpDispatcher _dispatcher;
    private readonly SchemaReader _schema;

    public SchemaTests()
    {
        _dispatcher = new QmpDispatcher(_machine);
        _schema = new SchemaReader(Ask("query-qmp-schema"));
    }

    public static TheoryData<string> Queries => [.. "query-acpi-ospm-status query-commands query-cpus-fast query-kvm query-memdev query-memory-devices query-memory-size-summary query-name query-qmp-schema query-status query-target query-uuid query-version".Split(' ')];

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Every_name_is_there_once_and_every_type_that_is_used_is_there()
    {
        List<string> used = [];
        foreach (IReadOnlyDictionary<string, object?> entry in _schema.Entries)
        {
            used.AddRange(new[] { "arg-type", "ret-type", "element-type" }.Where(entry.ContainsKey).Select(key => (string)entry[key]!));
            foreach (string part in new[] { "members", "variants" }.Where(entry.ContainsKey).Where(_ => SchemaReader.Kind(entry) == "object"))
                used.AddRange(SchemaReader.List(entry[part]).Select(member => (string)member["type"]!));
        }

        string[] types = [.. _schema.Entries.Where(entry => SchemaReader.Kind(entry) is not ("command" or "event")).Select(entry => (string)entry["name"]!)];
        Assert.Equal(used.Distinct().Order(StringComparer.Ordinal), types.Order(StringComparer.Ordinal));
        Assert.Equal(_dispatcher.CommandNames, _schema.Entries.Where(entry => SchemaReader.Kind(entry) == "command").Select(entry => (string)entry["name"]!));
    }

    [Fact]
    public void What_QEMU_has_too_is_as_in_QEMU()
    {
        string[] ours = [.. Facts()];
        string[] theirs = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "qmp", "schema-7.2.txt")).Where(line => !line.StartsWith('#'))];
        Assert.Equal(
            [
                "RESET.reason = debug-exit", "RESET.reason = internal-error", "RESET.reason = triple-fault",
                "SHUTDOWN.reason = debug-exit", "SHUTDOWN.reason = internal-error", "SHUTDOWN.reason = triple-fault",
                "object-add(memory-backend-file).offset?: int",
                "object-add(memory-backend-file).rom? = auto", "object-add(memory-backend-file).rom? = off", "object-add(memory-backend-file).rom? = on",
            ],
            ours.Except(theirs).Where(line => !line.Contains("MEMORY_BACKEND_LOST", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        // Values that a list of words does not have here are things that are not there: other run states, devices, reasons.
        Assert.Equal(
            [
                "human-monitor-command has savevm-monitor-nodes",
                "object-add(memory-backend-file).pmem?: bool",
                .. new[] { "file", "memfd", "ram" }.SelectMany(kind => new[] { $"object-add(memory-backend-{kind}).prealloc-context?: str", $"object-add(memory-backend-{kind}).x-use-canonical-path-for-ramblock-id?: bool" }).Order(StringComparer.Ordinal),
                "query-cpus-fast ->[].props?.cluster-id?: int", "query-cpus-fast ->[].props?.die-id?: int", "query-cpus-fast ->[].props?.node-id?: int",
            ],
            theirs.Except(ours).Where(line => !line.Contains(" = ", StringComparison.Ordinal) && !line.StartsWith("query-qmp-schema", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public void Answers_are_of_the_declared_type(string command)
    {
        Ask("object-add", ("qom-type", "memory-backend-ram"), ("id", "m"), ("size", 128L << 20));
        Ask("device_add", ("driver", "pc-dimm"), ("id", "d"), ("memdev", "m"));
        Assert.Empty(_schema.Faults(command, Ask(command), _schema[command]["ret-type"]));
        Assert.Equal("Parameter 'x' is unexpected", Refusal(command, new() { ["x"] = 1L }));
    }

    [Theory]
    [InlineData("qom-list", "path", "/objects")]
    [InlineData("qom-list-types", "implements", "memory-backend")]
    [InlineData("qom-list-properties", "typename", "memory-backend-file")]
    [InlineData("device-list-properties", "typename", "pc-dimm")]
    [InlineData("human-monitor-command", "command-line", "info status")]
    public void Answers_to_questions_are_of_the_declared_type(string command, string argument, string value) =>
        Assert.Empty(_schema.Faults(command, Ask(command, (argument, value)), _schema[command]["ret-type"]));

    [Fact]
    public void Events_are_of_the_declared_type()
    {
        Ask("object-add", ("qom-type", "memory-backend-ram"), ("id", "m"), ("size", 128L << 20));
        Ask("device_add", ("driver", "pc-dimm"), ("id", "d"), ("memdev", "m"));
        _machine.Rig.Guest.Scan();
        Ask("device_del", ("id", "d"));
        _machine.Rig.Guest.Scan();
        foreach (string command in new[] { "cont", "stop", "system_reset", "system_powerdown", "quit" })
            Ask(command);
        string[] names = [.. _machine.Events.Since(0).Select(happened => happened.Name).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["ACPI_DEVICE_OST", "DEVICE_DELETED", "POWERDOWN", "RESET", "RESUME", "SHUTDOWN", "STOP"], names);
        Assert.Empty(_machine.Events.Since(0).SelectMany(happened => _schema.Faults(happened.Name, happened.Data, _schema[happened.Name]["arg-type"])));
    }

    [Fact]
    public void Commands_take_what_they_declare_and_nothing_else()
    {
        foreach (IReadOnlyDictionary<string, object?> command in _schema.Entries.Where(entry => SchemaReader.Kind(entry) == "command"))
        {
            string name = (string)command["name"]!;
            IReadOnlyDictionary<string, object?> arguments = _schema[command["arg-type"]];

            // The negotiation is the session's, and what a device and an object take is theirs.
            if (name is "qmp_capabilities" or "device_add" || arguments.ContainsKey("tag"))
                continue;
            Dictionary<string, object?> given = [];
            foreach (IReadOnlyDictionary<string, object?> member in SchemaReader.List(arguments["members"]).OrderBy(member => member.ContainsKey("default")))
            {
                string argument = (string)member["name"]!;
                if (!member.ContainsKey("default"))
                    Assert.Equal($"Parameter '{argument}' is missing", Refusal(name, given));
                if ((string)member["type"]! != "any")
                    Assert.StartsWith($"Invalid parameter type for '{argument}', expected: ", Refusal(name, new(given) { [argument] = Array.Empty<object?>() }), StringComparison.Ordinal);
                given[argument] = ValueOf(member["type"]);
            }

            Assert.Equal("Parameter 'undeclared' is unexpected", Refusal(name, new(given) { ["undeclared"] = "x" }));
        }
    }

    [Fact]
    public void Backends_take_what_is_declared_and_nothing_else()
    {
        IReadOnlyDictionary<string, object?> options = _schema[_schema["object-add"]["arg-type"]];
        foreach (IReadOnlyDictionary<string, object?> variant in SchemaReader.List(options["variants"]))
        {
            string type = (string)variant["case"]!;
            Dictionary<string, object?> required = new() { ["qom-type"] = type, ["id"] = "m" };
            IReadOnlyDictionary<string, object?>[] members = [.. SchemaReader.List(_schema[variant["type"]]["members"])];
            foreach (IReadOnlyDictionary<string, object?> member in members.Where(member => !member.ContainsKey("default")))
                required[(string)member["name"]!] = ValueOf(member["type"]);
            foreach (IReadOnlyDictionary<string, object?> member in members)
            {
                string name = (string)member["name"]!;
                Assert.Contains($"'{name}", Refusal("object-add", new(required) { [name] = new Dictionary<string, object?>() }), StringComparison.Ordinal);
                Assert.Equal("Parameter 'undeclared' is unexpected", Refusal("object-add", new(required) { [name] = ValueOf(member["type"]), ["undeclared"] = 1L }));
                if (!member.ContainsKey("default"))
                    Assert.Equal($"Parameter '{name}' is missing", Refusal("object-add", new(required.Where(pair => pair.Key != name))));
            }

            // What is not declared for this kind is refused, though another kind has it.
            foreach (string other in new[] { "mem-path", "hugetlb", "offset", "seal", "pmem" }.Except(members.Select(member => (string)member["name"]!)))
                Assert.Equal($"Parameter '{other}' is unexpected", Refusal("object-add", new(required) { [other] = true }));
        }
    }

    [Fact]
    public void A_client_finds_out_what_it_can_use()
    {
        IReadOnlyDictionary<string, object?> options = _schema[_schema["object-add"]["arg-type"]];
        Assert.Equal("qom-type", options["tag"]);
        if (OperatingSystem.IsLinux())
        {
            object? memfd = SchemaReader.List(options["variants"]).Single(variant => (string)variant["case"]! == "memory-backend-memfd")["type"];
            IReadOnlyDictionary<string, object?> hugetlb = SchemaReader.List(_schema[memfd]["members"]).Single(member => (string)member["name"]! == "hugetlb");
            Assert.Equal(("bool", null, true), (hugetlb["type"], hugetlb["default"], hugetlb.ContainsKey("default")));
            Assert.Equal("boolean", _schema["bool"]["json-type"]);
        }

        Assert.Equal("command", SchemaReader.Kind(_schema["device_del"]));
        Assert.Equal("event", SchemaReader.Kind(_schema["DEVICE_DELETED"]));
        Assert.Equal(["json-cli", "json-cli-hotplug"], Words(_schema["device_add"]["features"]));
        Assert.False(_schema.Has("migrate") || _schema.Has("MEMORY_DEVICE_SIZE_CHANGE"));
    }

    private static IEnumerable<string> Words(object? list) => ((System.Collections.IEnumerable)list!).Cast<string>();

    private object? ValueOf(object? type)
    {
        IReadOnlyDictionary<string, object?> entry = _schema[type];
        return SchemaReader.Kind(entry) switch
        {
            "enum" => Words(entry["values"]).First(),
            "array" => new List<object?>(),
            _ => (string)type! switch { "int" => 1L, "bool" => true, _ => "x" },
        };
    }

    private IEnumerable<string> Facts()
    {
        foreach (IReadOnlyDictionary<string, object?> entry in _schema.Entries.Where(entry => SchemaReader.Kind(entry) is "command" or "event"))
        {
            string name = (string)entry["name"]!;
            yield return $"{entry["meta-type"]} {name}";
            foreach (string line in _schema.Flatten(name, entry["arg-type"]))
                yield return line;
            foreach (string line in entry.TryGetValue("ret-type", out object? result) ? _schema.Flatten(name + " ->", result) : [])
                yield return line;
            foreach (string feature in entry.TryGetValue("features", out object? features) ? Words(features) : [])
                yield return $"{name} has {feature}";
        }
    }

    private object? Ask(string command, params (string Name, object? Value)[] arguments) =>
        QmpJson.Read(QmpJson.Write(_dispatcher.Execute(command, arguments.ToDictionary(pair => pair.Name, pair => pair.Value))));

    private string Refusal(string command, Dictionary<string, object?> arguments) =>
        Assert.Throws<EngineException>(() => _dispatcher.Execute(command, arguments)).Message;
}
