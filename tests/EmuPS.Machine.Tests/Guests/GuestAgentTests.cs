using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using Xunit;

namespace EmuPS.Machine.Tests.Guests;

public sealed class GuestAgentTests : IDisposable
{
    private readonly FakeGuest _guest = new();
    private readonly GuestAgent _agent;

    public GuestAgentTests() => _agent = new GuestAgent(_guest);

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task A_command_returns_output_errors_and_exit_code()
    {
        string? seen = null;
        _guest.OnRun = (id, script, _) =>
        {
            seen = script;
            _guest.Reply(id, 'O', "grüß "u8.ToArray());
            _guest.Reply(id, 'E', "bad"u8.ToArray());
            _guest.Reply(id, 'O', "dich\n"u8.ToArray());
            _guest.Exit(id, 3);
        };
        _guest.Say("EMUPS-READY 1\n");

        GuestCommandResult result = await _agent.RunAsync("echo 'ä b'; exit 3");

        Assert.Equal(new GuestCommandResult("grüß dich\n", "bad", 3), result);
        Assert.Equal("echo 'ä b'; exit 3", seen);
    }

    [Fact]
    public async Task A_command_waits_until_the_guest_is_ready()
    {
        _guest.OnRun = (id, _, _) => _guest.Exit(id, 0);

        Task<GuestCommandResult> run = _agent.RunAsync("true");
        Assert.False(run.IsCompleted);
        _guest.Say("noise \u0001 1 X\n\nEMUPS-REA");
        _guest.Say("DY 1\r\n");

        Assert.Equal(0, (await run).ExitCode);
    }

    [Fact]
    public async Task Input_goes_in_pieces_the_guest_can_take_and_arrives_whole()
    {
        byte[] input = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7)).ToArray();
        _guest.OnRun = (id, _, content) =>
        {
            _guest.Reply(id, 'O', Encoding.ASCII.GetBytes(content.AsSpan().SequenceEqual(input) ? "same" : "other"));
            _guest.Exit(id, 0);
        };
        _guest.Say("EMUPS-READY 1\n");

        Assert.Equal("same", (await _agent.RunAsync("cat", input)).Output);
        Assert.InRange(_guest.LongestPiece, 1, 16384);
    }

    [Fact]
    public async Task Commands_run_at_the_same_time_and_their_output_does_not_mix()
    {
        var ids = new List<string>();
        var both = new TaskCompletionSource();
        _guest.OnRun = (id, _, _) =>
        {
            ids.Add(id);
            if (ids.Count == 2)
                both.SetResult();
        };
        _guest.Say("EMUPS-READY 1\n");
        Task<GuestCommandResult> first = _agent.RunAsync("a");
        Task<GuestCommandResult> second = _agent.RunAsync("b");
        await both.Task;

        _guest.Reply(ids[0], 'O', "one"u8.ToArray());
        _guest.Reply(ids[1], 'O', "two"u8.ToArray());
        _guest.Exit(ids[1], 2);
        _guest.Exit(ids[0], 1);

        var results = new[] { await first, await second };
        Assert.Equal(["one", "two"], results.Select(result => result.Output).Order());
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_killed()
    {
        _guest.Say("EMUPS-READY 1\n");
        await Assert.ThrowsAsync<TimeoutException>(() => _agent.RunAsync("sleep 1000", timeout: TimeSpan.Zero + TimeSpan.FromMilliseconds(1)));
        Assert.Single(_guest.Killed);
    }

    [Fact]
    public async Task A_guest_that_takes_nothing_does_not_hold_its_caller()
    {
        _guest.AnswersPieces = false;
        _guest.Say("EMUPS-READY 1\n");
        using var cancel = new CancellationTokenSource();
        Task<GuestCommandResult> run = _agent.RunAsync("true", cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task A_reset_fails_running_commands_and_asks_for_a_new_ready_mark()
    {
        var running = new TaskCompletionSource();
        _guest.OnRun = (_, _, _) => running.SetResult();
        _guest.Say("EMUPS-READY 1\n");
        Task<GuestCommandResult> run = _agent.RunAsync("sleep 1000");
        await running.Task;

        _agent.OnGuestReset();

        GuestAgentException error = await Assert.ThrowsAsync<GuestAgentException>(() => run);
        Assert.Equal("GuestRestarted", error.ErrorId);
        Assert.False(_agent.IsReady);
        _agent.Hail();
        await _agent.WaitReadyAsync();
    }

    [Fact]
    public async Task Output_can_be_followed_while_the_command_runs()
    {
        var pieces = new List<string>();
        _guest.OnRun = (id, _, _) =>
        {
            _guest.Reply(id, 'O', "1"u8.ToArray());
            _guest.Reply(id, 'E', "2"u8.ToArray());
            _guest.Exit(id, 0);
        };
        _guest.Say("EMUPS-READY 1\n");
        await _agent.RunAsync("x", streaming: (stream, bytes) => pieces.Add($"{stream}:{Encoding.UTF8.GetString(bytes.Span)}"));
        Assert.Equal(["Output:1", "Error:2"], pieces);
    }

    [Fact]
    public async Task Files_go_both_ways_under_awkward_names()
    {
        byte[] stored = [];
        _guest.OnRun = (id, script, input) =>
        {
            if (script == @"cat > '/root/it'\''s'")
                stored = input;
            else if (script == @"cat '/root/it'\''s'")
                _guest.Reply(id, 'O', stored);
            _guest.Exit(id, 0);
        };
        _guest.Say("EMUPS-READY 1\n");
        byte[] content = [0, 10, 13, 255, 128];

        await _agent.CopyToAsync(content, "/root/it's");

        Assert.Equal(content, await _agent.CopyFromAsync("/root/it's"));
    }

    [Fact]
    public async Task A_guest_that_is_not_ready_in_time_is_a_timeout() =>
        await Assert.ThrowsAsync<TimeoutException>(() => _agent.RunAsync("true", timeout: TimeSpan.FromMilliseconds(1)));

    [Fact]
    public async Task A_file_that_cannot_be_read_says_why()
    {
        _guest.OnRun = (id, _, _) =>
        {
            _guest.Reply(id, 'E', "cat: no such file\n"u8.ToArray());
            _guest.Exit(id, 1);
        };
        _guest.Say("EMUPS-READY 1\n");
        GuestAgentException error = await Assert.ThrowsAsync<GuestAgentException>(() => _agent.CopyFromAsync("/none"));
        Assert.Equal("cat: no such file", error.Message);
    }
}
