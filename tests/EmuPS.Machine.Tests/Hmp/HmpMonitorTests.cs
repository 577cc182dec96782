using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using EmuPS.Machine.Hmp;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Tests.Qmp;
using Xunit;

namespace EmuPS.Machine.Tests.Hmp;

public sealed class HmpMonitorTests : IDisposable
{
    private readonly FakeMachineControl _machine = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-hmp-").FullName;
    private readonly HmpMonitor _monitor;

    public HmpMonitorTests() => _monitor = new HmpMonitor(_machine);

    public void Dispose()
    {
        _machine.Dispose();
        Directory.Delete(_folder, true);
    }

    [Theory]
    [InlineData("errors-hmp.txt")]
    [InlineData("bad-input-hmp.txt")]
    public void A_whole_session_reads_as_qemus(string recording)
    {
        using (FileStream small = File.Create(Path.Combine(_folder, "hp-small.img")))
        {
            small.SetLength(64 << 20);
        }

        string? command = null;
        List<string> expected = [];
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "qmp", recording)).Append("(qemu) ").Select(l => l.Replace("/tmp", _folder, StringComparison.Ordinal)))
        {
            if (!line.StartsWith("(qemu) ", StringComparison.Ordinal))
            {
                expected.Add(line);
                continue;
            }

            if (command is not null && command != "quit")
            {
                Assert.Equal((command, Blocks(expected)), (command, Blocks(_monitor.Execute(command).Split('\n')[..^1])));
            }

            command = line["(qemu) ".Length..];
            expected.Clear();
        }
    }

    [Fact]
    public void State_and_control_have_qemus_words()
    {
        Assert.Equal("VM status: paused (prelaunch)\n", _monitor.Execute("info status"));
        Assert.Equal(string.Empty, _monitor.Execute("c"));
        Assert.Equal("VM status: running\n", _monitor.Execute("info status"));
        Assert.Equal(string.Empty, _monitor.Execute("  stop  "));
        Assert.Equal("VM status: paused\n", _monitor.Execute("info status"));
        _monitor.Execute("system_reset");
        _monitor.Execute("system_powerdown");
        _monitor.Execute("q");
        Assert.Equal(["RESUME", "STOP", "RESET", "POWERDOWN", "SHUTDOWN"], _machine.Events.Since(0).Select(e => e.Name));
        Assert.Equal("stop|s: extraneous characters at the end of line\nTry \"help stop\" for more information\n", _monitor.Execute("stop now"));
        Assert.Equal(string.Empty, _monitor.Execute("  "));
    }

    [Fact]
    public void Nodes_devices_and_memory_are_shown_as_trees()
    {
        _monitor.Execute("object_add memory-backend-ram,id=blk0,size=128M");
        _monitor.Execute("device_add pc-dimm,id=stick0,memdev=blk0");
        Assert.Equal("1 nodes\nnode 0 cpus: 0 1\nnode 0 size: 1152 MB\nnode 0 plugged: 128 MB\n", _monitor.Execute("info numa"));
        string mtree = _monitor.Execute("info mtree");
        Assert.Contains("    0000000000000000-000000003fffffff (prio 0, ram): alias ram-below-4g @pc.ram 0000000000000000-000000003fffffff\n", mtree);
        Assert.Contains("    0000000100000000-000000027fffffff (prio 0, i/o): device-memory\n      0000000100000000-0000000107ffffff (prio 0, ram): blk0\n", mtree);
        Assert.Contains("    00000000fec00000-00000000fec00fff (prio 0, i/o): ioapic\n", mtree);
        Assert.Contains("    0000000000000a00-0000000000000a17 (prio 0, i/o): acpi-mem-hotplug\n", mtree);
        Assert.Contains("  0000000100000000-0000000107ffffff (prio 0, ram): blk0\n", _monitor.Execute("info mtree -f"));
        string qom = _monitor.Execute("info qom-tree");
        Assert.Contains("  /peripheral (container)\n    /stick0 (pc-dimm)\n", qom);
        Assert.Contains("  /blk0 (memory-backend-ram)\n", _monitor.Execute("info qom-tree /objects"));
        string qtree = _monitor.Execute("info qtree");
        Assert.DoesNotContain("stick0", qtree);
        Assert.Contains("          dev: isa-serial, id \"\"\n            iobase = 1016 (0x3f8)\n", qtree);
        Assert.Matches(@"^7\.2\.22 \(EmuPS .+\)\n$", _monitor.Execute("info version"));
        Assert.Equal("web1\n", _monitor.Execute("info name"));
        Assert.Equal("* CPU #0: thread_id=4711\n  CPU #1: thread_id=4712\n", _monitor.Execute("info cpus"));
    }

    [Fact]
    public void Help_explains_every_command_and_quoted_words_are_one()
    {
        foreach (string name in _monitor.CommandNames)
        {
            Assert.Contains(" -- ", _monitor.Execute("help " + name));
        }

        Assert.Equal(_monitor.Execute("info"), _monitor.Execute("help info"));
        Assert.Equal("Error: Device 'a b' not found\n", _monitor.Execute("device_del \"a b\""));
        Assert.Equal("Error: Parameter 'id' expects an identifier\nIdentifiers consist of letters, digits, '-', '.', '_', starting with a letter.\n", _monitor.Execute("object_add memory-backend-ram,id=1a,size=1M"));
        Assert.Equal("Error: Expected '=' after parameter 'frob'\n", _monitor.Execute("object_add memory-backend-ram,frob"));
    }

    [Fact]
    public void Every_command_survives_a_machine_without_hotplug()
    {
        using FakeMachineControl plain = new("1G");
        HmpMonitor monitor = new(plain);
        foreach (string name in monitor.CommandNames.Where(name => name is not ("quit" or "q")))
        {
            Assert.NotNull(monitor.Execute(name));
            Assert.NotNull(monitor.Execute(name + " x"));
        }

        Assert.Equal(string.Empty, monitor.Execute("info memory-devices"));
    }

    [Fact]
    public void Through_qmp_lines_end_in_carriage_return_and_line_feed()
    {
        object? text = new QmpDispatcher(_machine).Execute("human-monitor-command", new Dictionary<string, object?> { ["command-line"] = "info memory_size_summary" });
        Assert.Equal("base memory: 1073741824\r\nplugged memory: 0\r\n", text);
        Assert.Equal(string.Empty, new QmpDispatcher(_machine).Execute("human-monitor-command", new Dictionary<string, object?> { ["command-line"] = string.Empty }));
    }

    /// <summary>The order of backends is none in QEMU: their blocks are sorted before they are compared.</summary>
    private static string Blocks(IEnumerable<string> lines)
    {
        string text = string.Join('\n', lines);
        return text.StartsWith("memory backend:", StringComparison.Ordinal)
            ? string.Join("memory backend:", text.TrimEnd('\n').Split("memory backend:").Select(b => b.TrimEnd('\n') + "\n").Order(StringComparer.Ordinal))
            : text;
    }
}
