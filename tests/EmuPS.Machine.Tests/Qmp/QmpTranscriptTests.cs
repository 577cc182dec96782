using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Qmp;
using Xunit;

namespace EmuPS.Machine.Tests.Qmp;

/// <summary>Sends what was sent to QEMU 7.2 and compares replies and events with what QEMU sent.</summary>
public sealed class QmpTranscriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emups-qmp-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task Errors_and_lists_are_qemus()
    {
        using FakeMachineControl machine = new();
        foreach ((string name, long length) in new (string, long)[] { ("hp-small.img", 64 << 20), ("hp-1g.img", 1 << 30), ("hp-txt", 5) })
        {
            using FileStream file = File.Create(Path.Combine(_folder, name));
            file.SetLength(length);
        }

        await ReplayAsync("errors-qmp.txt", machine, _ => { });
    }

    [Fact]
    public async Task Input_at_its_edges_gets_qemus_answers()
    {
        using FakeMachineControl machine = new();
        await ReplayAsync("bad-input.txt", machine, _ => { });
    }

    [Fact]
    public async Task Plugging_and_unplugging_with_a_willing_guest_gives_qemus_events()
    {
        using FakeMachineControl machine = new();
        bool late = false;
        await ReplayAsync("hotplug-basic.txt", machine, request =>
        {
            if (request.Contains("device_del", StringComparison.Ordinal) && request.Contains("dimm1", StringComparison.Ordinal))
            {
                // The recorded guest reported this one's success when the next DIMM was in the slot already.
                late = true;
                machine.Rig.Guest.Write(0, 0x14, 4);
                machine.Rig.Guest.Ost(0, 3, 0x84);
                machine.Rig.Guest.Eject(0);
            }
            else
            {
                if (late && request.Contains("device_add", StringComparison.Ordinal))
                {
                    late = false;
                    machine.Rig.Guest.Ost(0, 3, 0);
                    Assert.Equal(DimmState.Pending, machine.Hotplug.GetDimm("dimm2").State);
                }

                machine.Rig.Guest.Scan();
            }
        });
    }

    [Fact]
    public async Task A_guest_that_refuses_is_told_as_by_qemu()
    {
        using FakeMachineControl machine = new("512M,slots=3,maxmem=4G");
        machine.Rig.Guest.Refusal = 0x82;
        int removals = 0;
        await ReplayAsync("hotplug-busy.txt", machine, request =>
        {
            // In the recording the guest had not got to the second request when the machine ended.
            if (request.Contains("device_add", StringComparison.Ordinal) || (request.Contains("device_del", StringComparison.Ordinal) && removals++ == 0))
                machine.Rig.Guest.Scan();
        });
    }

    private async Task ReplayAsync(string file, FakeMachineControl machine, Action<string> afterReply)
    {
        string socket = Path.Combine(_folder, "qmp");
        using QmpServer server = QmpServer.ListenUnix(machine, socket);
        using QmpClient client = await QmpClient.OpenAsync(socket);
        Queue<string> replies = new();
        List<string> requests = [];
        List<string> events = [];
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "qmp", file)).Select(l => l.Replace("/tmp", _folder, StringComparison.Ordinal)))
        {
            if (line.StartsWith("-> ", StringComparison.Ordinal) && !line.Contains("qmp_capabilities", StringComparison.Ordinal))
                requests.Add(line[3..]);
            else if (line.StartsWith("<- ", StringComparison.Ordinal) && requests.Count > 0)
                Sort(line[3..], replies, events);
        }

        Assert.Equal(requests.Count, replies.Count);
        List<string> different = [];
        foreach (string request in requests)
        {
            string theirs = Canonical(QmpJson.Read(replies.Dequeue()));
            string ours = Canonical(QmpJson.Read(await client.AskAsync(request)));
            if (ours != theirs)
                different.Add($"{request}\n  QEMU: {theirs}\n  here: {ours}");
            afterReply(request);
        }

        Assert.True(different.Count == 0, string.Join("\n", different));

        Assert.Equal(events, client.Events.Select(Canonical));
    }

    private static void Sort(string line, Queue<string> replies, List<string> events)
    {
        IReadOnlyDictionary<string, object?> message = (IReadOnlyDictionary<string, object?>)QmpJson.Read(line)!;
        if (message.ContainsKey("event"))
            events.Add(Canonical(message));
        else
            replies.Enqueue(line);
    }

    /// <summary>Members in alphabetical order, times left out, and lists of backends, properties and types, which QEMU gives in no order, sorted.</summary>
    private static string Canonical(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> members => "{" + string.Join(", ", members.Where(m => m.Key != "timestamp").OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key}: {Canonical(m.Value)}")) + "}",
        string text => QmpJson.Write(text),
        IEnumerable list when list.Cast<object?>().Select(Canonical).ToList() is var items => "[" + string.Join(", ", items.Exists(i => i.Contains("prealloc", StringComparison.Ordinal) || i.Contains("name: ", StringComparison.Ordinal)) ? items.Order(StringComparer.Ordinal) : items) + "]",
        _ => QmpJson.Write(value),
    };
}
