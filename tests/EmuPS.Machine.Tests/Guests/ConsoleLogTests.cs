using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;
using Xunit;

namespace EmuPS.Machine.Tests.Guests;

public sealed class ConsoleLogTests
{
    private readonly ConsoleLog _log = new();

    [Fact]
    public async Task A_pattern_is_found_across_writes_and_on_a_line_without_end()
    {
        Task<(string Text, int Position)?> wait = _log.WaitForAsync(new Regex("login:"));
        _log.Append("boot\nhost log"u8);
        _log.Append("in: "u8);
        Assert.Equal(("login:", 16), await wait);
    }

    [Fact]
    public async Task Waiting_from_a_position_does_not_see_what_was_before()
    {
        _log.Append("ready\n"u8);
        Task<(string Text, int Position)?> wait = _log.WaitForAsync(new Regex("ready"), _log.Length);
        Assert.False(wait.IsCompleted);
        _log.Append("ready again"u8);
        Assert.Equal(11, (await wait)!.Value.Position);
    }

    [Fact]
    public async Task The_end_of_the_machine_ends_the_waiting()
    {
        Task<(string Text, int Position)?> wait = _log.WaitForAsync(new Regex("never"));
        _log.Complete();
        Assert.Null(await wait);
        Assert.Equal(("", 0), await _log.ReadAsync(0));
    }

    [Fact]
    public async Task Reading_goes_on_where_it_stopped()
    {
        _log.Append("one"u8);
        (string text, int position) = await _log.ReadAsync(0);
        Assert.Equal("one", text);
        Task<(string Text, int Position)> next = _log.ReadAsync(position);
        _log.Append("two"u8);
        Assert.Equal(("two", 6), await next);
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        Task wait = _log.ReadAsync(0, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<System.OperationCanceledException>(() => wait);
    }

    [Fact]
    public void The_tail_is_the_last_lines()
    {
        _log.Append("a\r\nb\r\nc\r\n"u8);
        Assert.Equal(["b", "c"], _log.Tail(2));
        Assert.Empty(new ConsoleLog().Tail(5));
    }

    [Fact]
    public void Characters_may_arrive_in_halves()
    {
        _log.Append([0xC3]);
        _log.Append([0xA4]);
        Assert.Equal("ä", _log.Read());
    }
}
